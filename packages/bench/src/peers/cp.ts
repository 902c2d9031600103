import path from "node:path";
import { removeTree } from "@copyup/archive";
import { snapshotTree } from "@copyup/conformance";
import { runProgram, versionOf } from "../programs/programs.ts";
import { requireSameTree } from "../verify/same-tree.ts";
import type { Peer } from "./peer.ts";

const NAME = "cp -a, no reflink";

/** `cp -a` as it comes takes part always; this is the one that never shares blocks. */
export const cp: Peer = {
  name: "cp",
  debianPackage: "coreutils",
  version: () => (versionOf("cp")?.includes("GNU") ? versionOf("cp") : null),
  contestants: { copy: [NAME] },
  fairness: {},
  open: async (room) => ({
    async copy() {
      const { dir, env } = room;
      const { tree } = await room.many();
      const expected = await room.expected();
      const to = path.join(dir, "copied");
      return [
        {
          ...{ name: NAME, role: "peer" as const, reads: [tree] },
          run: () => runProgram(["cp", "-a", "--reflink=never", tree, to], { cwd: dir, env }),
          after: () => removeTree(to),
          verify: () => requireSameTree(NAME, expected, snapshotTree(to)),
        },
      ];
    },
    async close() {},
  }),
};
