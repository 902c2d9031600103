import { type DriverModule, requireSupport, type StorageDriver } from "@copyup/core";
import { describeHost, describeIfWritable } from "@copyup/linux";
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
    const findings = quickFindings(directories.root, describeIfWritable(directories.scratch), describeHost());
    requireSupport({ driver: driver.name, root: directories.root, findings, namespaceHelps: true });
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
