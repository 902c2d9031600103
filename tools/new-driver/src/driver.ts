import { type DriverModule, requireSupport, type StorageDriver } from "../../../packages/core/src/index.ts";
import { describeHost } from "../../../packages/linux/src/index.ts";
import { accessLayer } from "./access.ts";
import { createBody } from "./create.ts";
import { BODY_FORMAT, dialectOf } from "./layout.ts";
import { parseOptions } from "./options.ts";
import { MAX_PARENTS, planChain } from "./plan.ts";
import { probeHere, quickFindings } from "./probe.ts";
import { profileHere } from "./profile.ts";

/** What this driver does in one sentence, and where it works. */
export const driver: DriverModule = {
  name: "new-driver",
  summary: "a driver in the making",
  url: import.meta.url,
  bodyFormat: BODY_FORMAT,
  probe: async (directory, host) => probeHere(directory, host),
  profile: profileHere,
  async open(directories, given) {
    parseOptions(given);
    const host = describeHost();
    const findings = quickFindings(host);
    requireSupport({ driver: driver.name, root: directories.root, findings, namespaceHelps: false });
    const opened: StorageDriver = {
      name: driver.name,
      bodyFormat: BODY_FORMAT,
      maxParents: MAX_PARENTS,
      dialect: dialectOf(host),
      create: createBody,
      access: accessLayer,
      plan: planChain,
    };
    return opened;
  },
};
