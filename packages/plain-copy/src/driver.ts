import type { DriverModule, StorageDriver } from "@copyup/core";
import { treeInUse } from "./busy.ts";
import { canBind } from "./can-bind.ts";
import { createBody } from "./create.ts";
import { BODY_FORMAT, treeOf } from "./layout.ts";
import { parseOptions } from "./options.ts";
import { planTree } from "./plan.ts";
import { probePlainCopy } from "./probe/probe.ts";
import { plainCopyProfile } from "./profile.ts";
import { readStamp } from "./stamp.ts";

/** Every layer a whole tree: the reference model. Works for anybody anywhere. */
export const driver: DriverModule = {
  name: "plain-copy",
  summary:
    "every layer is a full copy of its parent, sharing blocks where the filesystem can; works for anybody anywhere",
  bodyFormat: BODY_FORMAT,
  url: import.meta.url,
  probe: async (directory, host) => probePlainCopy(directory, host),
  profile: plainCopyProfile,
  async open(directories, given) {
    parseOptions(given);
    const { ok: binds } = canBind(directories.root);
    const opened: StorageDriver = {
      name: driver.name,
      bodyFormat: BODY_FORMAT,
      maxParents: null,
      dialect: "tree",
      create: createBody,
      access(layer) {
        const copied = readStamp(layer);
        return { kind: "tree", dir: treeOf(layer), dialect: "tree", ...(copied ? { copied } : {}) };
      },
      plan: (chain, mode) => planTree(chain, mode, binds),
      busy: async (layer) => treeInUse(layer),
    };
    return opened;
  },
};
