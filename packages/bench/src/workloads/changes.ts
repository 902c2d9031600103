import { snapshotTree } from "@copyup/conformance";
import type { Change } from "@copyup/core";
import { directoriesOf } from "../ground/stand.ts";
import { runProgram } from "../programs/programs.ts";
import { changesBetween, requireSameChanges } from "../verify/same-changes.ts";
import type { Contestant } from "../workload.ts";
import type { Maker } from "./maker.ts";

export const changes: Maker = {
  name: "changes",
  question: "What does it cost to list what an edited layer changed in a tree of small files?",
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    const find = ["find", tree, "-printf", "%i %m %U %G %s %T@ %P\\n"] as const;
    const contestants: Contestant[] = [
      {
        ...{ name: "find ×2", role: "limit", reads: [tree] },
        run: () => {
          for (let i = 0; i < 2; i++) runProgram([...find], { cwd: ground.dir });
        },
      },
    ];
    for (const { name, store, edited } of ground.stands) {
      const id = await edited();
      contestants.push({
        ...{ name, role: "ours", reads: await directoriesOf(store, id) },
        run: async () => {
          let count = 0;
          for await (const _change of store.changes(id)) count++;
          if (count === 0) throw new Error("no changes");
        },
        verify: async () => {
          const found = new Map<string, Change["kind"]>();
          for await (const { path, kind } of store.changes(id)) found.set(Buffer.from(path).toString("latin1"), kind);
          await using view = await store.view(id);
          const after = snapshotTree(view.path);
          requireSameChanges(name, changesBetween(await ground.expected(), after), found, after);
        },
      });
    }
    contestants.push(...(await ground.guests.contestants("changes", (peer) => peer.changes?.())));
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "overlay2 looks at its upper directory alone; plain-copy compares two whole trees. find looks at one tree twice, the least that a comparison of two must do." +
        ground.guests.fairness("changes"),
      runs,
      contestants,
    };
  },
};
