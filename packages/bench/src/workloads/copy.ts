import path from "node:path";
import { removeTree } from "@copyup/archive";
import { runProgram } from "../programs/programs.ts";
import type { Contestant } from "../workload.ts";
import type { Maker } from "./maker.ts";

export const copy: Maker = {
  name: "copy",
  question: "What does a new writable layer on a tree of small files cost?",
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    const { yardsticks } = ground;
    const contestants = [
      "absent" in yardsticks
        ? { ...copied("C", "limit", ["false"]), absent: yardsticks.absent }
        : copied("C", "limit", [yardsticks.programs.copy]),
      copied("cp -a", "peer", ["cp", "-a", "--reflink=auto"]),
    ];
    for (const { name, store, many } of ground.stands) {
      const parent = (await many()).id;
      let made: string | undefined;
      contestants.push({
        name,
        role: "ours",
        run: async () => {
          made = (await store.prepare({ parent })).id;
        },
        after: async () => {
          if (made !== undefined) await store.remove(made);
        },
      });
    }
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "A full copy is what plain-copy has to do; C and cp do that copy alone, cp shares blocks where the filesystem can. overlay2 makes two directories.",
      runs,
      contestants,
    };

    function copied(name: string, role: "limit" | "peer", program: [string, ...string[]]): Contestant {
      const to = path.join(ground.dir, `copied-${name.replace(/\W/g, "-")}`);
      return {
        name,
        role,
        run: () => runProgram([...program, tree, to], { cwd: ground.dir }),
        after: () => removeTree(to),
      };
    }
  },
};
