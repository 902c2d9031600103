import { runProgram } from "../programs/programs.ts";
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
        name: "find ×2",
        role: "limit",
        run: () => {
          for (let i = 0; i < 2; i++) runProgram([...find], { cwd: ground.dir });
        },
      },
    ];
    for (const { name, store, edited } of ground.stands) {
      const id = await edited();
      contestants.push({
        name,
        role: "ours",
        run: async () => {
          let count = 0;
          for await (const _change of store.changes(id)) count++;
          if (count === 0) throw new Error("no changes");
        },
      });
    }
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "overlay2 looks at its upper directory alone; plain-copy compares two whole trees. find looks at one tree twice, the least that a comparison of two must do.",
      runs,
      contestants,
    };
  },
};
