import type { Directory, DriverModule, StorageDriver } from "@copyup/core";
import { describeDirectory, describeHost, isSystemError } from "@copyup/linux";
import { upperInUse } from "./busy.ts";
import { createBody } from "./create.ts";
import { BODY_FORMAT, diffOf } from "./layout.ts";
import { parseOptions } from "./options.ts";
import { MAX_PARENTS, planChain } from "./plan.ts";
import { probeAufs, quickFindings } from "./probe/probe.ts";
import { aufsProfile } from "./profile/profile.ts";
import { flushPseudoLinks } from "./pseudo-links.ts";
import { requireSupport } from "./require-support.ts";
import { clearLeftovers, tryClearLeftovers } from "./seal.ts";
import { verifyMount } from "./verify.ts";

/** The union filesystem that containers began with; only kernels with its patches have it. */
export const driver: DriverModule = {
  name: "aufs",
  summary: "aufs: layers keep only what they change; for kernels with the aufs patches, and for graphs from such",
  url: import.meta.url,
  bodyFormat: BODY_FORMAT,
  probe: async (directory, host) => probeAufs(directory, host),
  profile: aufsProfile,
  async open(directories, given) {
    parseOptions(given);
    const host = describeHost();
    requireSupport(quickFindings(directories.root, tryDescribe(directories.scratch), host), directories.root);
    const opened: StorageDriver = {
      name: driver.name,
      bodyFormat: BODY_FORMAT,
      maxParents: MAX_PARENTS,
      dialect: "aufs",
      create: async (body, parent, options) => createBody(body, parent, options),
      access: (layer) => ({ kind: "upper", dir: diffOf(layer), dialect: layer.dialect }),
      plan: planChain,
      seal: clearLeftovers,
      verify: async (mounted) => verifyMount(mounted),
      beforeUnmount: flushPseudoLinks,
      afterUnmount: tryClearLeftovers,
      busy: async (layer) => upperInUse(layer),
    };
    return opened;
  },
};

function tryDescribe(path: string): Directory | null {
  try {
    return describeDirectory(path);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
