import { type DriverModule, requireSupport, type StorageDriver } from "@copyup/core";
import { describeHost, describeIfWritable } from "@copyup/linux";
import { upperInUse } from "./busy.ts";
import { createBody } from "./create.ts";
import { BODY_FORMAT, diffOf } from "./layout.ts";
import { parseOptions } from "./options.ts";
import { MAX_PARENTS, planChain } from "./plan.ts";
import { probeAufs, quickFindings } from "./probe/probe.ts";
import { aufsProfile } from "./profile/profile.ts";
import { flushPseudoLinks } from "./pseudo-links.ts";
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
    const { root, scratch } = directories;
    const findings = quickFindings(root, describeIfWritable(scratch), describeHost());
    // The kernel refuses aufs in one: EPERM.
    requireSupport({ driver: driver.name, root, findings, namespaceHelps: false });
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
