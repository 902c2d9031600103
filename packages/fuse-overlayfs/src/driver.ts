import { type Directory, type DriverModule, type StorageDriver, StorageError } from "@copyup/core";
import { describeDirectory, describeHost, isSystemError } from "@copyup/linux";
import { accessLayer } from "./access.ts";
import { upperInUse } from "./busy.ts";
import { createBody } from "./create.ts";
import { BODY_FORMAT } from "./layout.ts";
import { parseOptions } from "./options.ts";
import { MAX_PARENTS, planChain } from "./plan.ts";
import { probeFuseOverlayfs, quickFindings } from "./probe/probe.ts";
import { fuseOverlayfsProfile } from "./profile/profile.ts";
import { sealBody } from "./seal.ts";
import { verifyMount } from "./verify.ts";

/** The program fuse-overlayfs: a union in user space, where the kernel's cannot be mounted. */
export const driver: DriverModule = {
  name: "fuse-overlayfs",
  summary: "the program fuse-overlayfs: layers keep only what they change, a daemon for each mount merges them",
  url: import.meta.url,
  bodyFormat: BODY_FORMAT,
  probe: probeFuseOverlayfs,
  profile: fuseOverlayfsProfile,
  async open(directories, given) {
    parseOptions(given);
    requireSupport(directories.root, tryDescribe(directories.scratch));
    const opened: StorageDriver = {
      name: driver.name,
      bodyFormat: BODY_FORMAT,
      maxParents: MAX_PARENTS,
      dialect: "fuse-overlayfs",
      create: createBody,
      access: accessLayer,
      plan: (chain, mode) => planChain(chain, mode, directories.layers),
      seal: sealBody,
      verify: async (mounted) => verifyMount(mounted),
      busy: async (layer) => upperInUse(layer),
    };
    return opened;
  },
};

/** Null where nothing may be written: such a store can still be read. */
function tryDescribe(path: string): Directory | null {
  try {
    return describeDirectory(path);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function requireSupport(root: string, directory: Directory | null): void {
  const missing = quickFindings(root, directory, describeHost()).filter(({ required, ok }) => required && !ok);
  if (missing.length === 0) return;
  throw new StorageError({
    // Anything else is no better in a namespace.
    code: missing.every(({ feature }) => feature === "privilege") ? "NEEDS_NAMESPACE" : "DRIVER_UNSUPPORTED",
    op: "open",
    driver: driver.name,
    path: root,
    message: `fuse-overlayfs cannot work at ${root}: ${missing.map(({ evidence }) => evidence).join("; ")}`,
    hint: missing.find(({ fix }) => fix !== null)?.fix ?? undefined,
  });
}
