import { type DriverModule, kernelAtLeast, requireSupport, type StorageDriver } from "@copyup/core";
import { describeHost, describeIfWritable } from "@copyup/linux";
import { upperInUse } from "./busy.ts";
import { createBody } from "./create.ts";
import { dialectOf } from "./dialect.ts";
import { BODY_FORMAT, diffOf } from "./layout.ts";
import { parseOptions } from "./options.ts";
import { MAX_PARENTS, planChain } from "./plan.ts";
import { probeOverlay, quickFindings } from "./probe/probe.ts";
import { overlayProfile } from "./profile/profile.ts";
import { requireReadable } from "./require-readable.ts";
import { sealBody } from "./seal.ts";
import { makeVerify } from "./verify.ts";

/** The kernel's overlay filesystem, as root or (from 5.11) in a user namespace. */
export const driver: DriverModule = {
  name: "overlay2",
  summary: "the kernel's overlay filesystem: layers keep only what they change, views are merged without copying",
  bodyFormat: BODY_FORMAT,
  url: import.meta.url,
  probe: async (directory, host) => probeOverlay(directory, host),
  profile: overlayProfile,
  async open(directories, given) {
    const options = parseOptions(given);
    const host = describeHost();
    const findings = quickFindings(describeIfWritable(directories.scratch), host);
    // Overlay mounts in user namespaces since 5.11.
    const namespaceHelps = !host.userNamespace && kernelAtLeast(host, 5, 11);
    requireSupport({ driver: driver.name, root: directories.root, findings, namespaceHelps });
    const verify = makeVerify();
    const opened: StorageDriver = {
      name: driver.name,
      bodyFormat: BODY_FORMAT,
      maxParents: MAX_PARENTS,
      dialect: dialectOf(host),
      // No mount reads two of them, and root can mount both.
      dialectOn: ({ dialect }) => dialect,
      create: async (body, parent, { signal }) => {
        signal?.throwIfAborted();
        if (parent !== null) requireReadable(parent, host);
        createBody(body, parent);
      },
      access(layer) {
        requireReadable(layer, host);
        return { kind: "upper", dir: diffOf(layer), dialect: layer.dialect };
      },
      plan(chain, mode) {
        for (const layer of chain) requireReadable(layer, host);
        return planChain(chain, mode, options);
      },
      seal: sealBody,
      verify: async (mounted) => verify(mounted),
      busy: async (layer) => upperInUse(layer, directories.scratch),
    };
    return opened;
  },
};
