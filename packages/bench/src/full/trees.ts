import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Contestant, Workload } from "../workload.ts";
import { runProgram } from "../workloads/programs.ts";
import type { Ground } from "./ground.ts";

export function changes(ground: Ground, runs: number): Workload {
  const { tree, dir } = ground;
  return {
    name: "changes",
    question: `What does it cost to list what an edited layer changed in a tree of ${ground.many.entries} entries?`,
    fairness:
      "overlay2 looks at its upper directory alone; plain-copy compares two whole trees. find looks at one tree twice, the least that a comparison of two must do.",
    runs,
    contestants: [
      {
        name: "find ×2",
        run: async () => {
          for (let i = 0; i < 2; i++) await runProgram("find", [tree, "-printf", "%i %m %U %G %s %T@ %P\\n"], dir);
        },
      },
      ...ground.stands.map(
        ({ driver, store, edited }): Contestant => ({
          name: driver.name,
          run: async () => {
            let count = 0;
            for await (const _change of store.changes(edited)) count++;
            if (count === 0) throw new Error("no changes");
          },
        }),
      ),
    ],
  };
}

export function copy(ground: Ground, runs: number): Workload {
  const { tree, dir, yardsticks } = ground;
  const copied = (
    name: string,
    absent: string | undefined,
    program: string,
    words: (to: string) => string[],
  ): Contestant => {
    const to = path.join(dir, `copied-${name.replace(/\W/g, "-")}`);
    return {
      name,
      ...(absent === undefined ? {} : { absent }),
      run: () => runProgram(program, words(to), dir),
      after: () => removeTree(to),
    };
  };
  return {
    name: "copy",
    question: `What does a new writable layer on a tree of ${ground.many.entries} entries cost?`,
    fairness:
      "A full copy is what plain-copy has to do; C and cp do that copy alone, cp shares blocks where the filesystem can. overlay2 makes two directories.",
    runs,
    contestants: [
      copied(
        "C",
        "absent" in yardsticks ? yardsticks.absent : undefined,
        "absent" in yardsticks ? "" : yardsticks.programs.copy,
        (to) => [tree, to],
      ),
      copied("cp -a", undefined, "cp", (to) => ["-a", "--reflink=auto", tree, to]),
      ...ground.stands.map(({ driver, store, many }): Contestant => {
        let made: string | undefined;
        return {
          name: driver.name,
          run: async () => {
            made = (await store.prepare({ parent: many.id })).id;
          },
          after: async () => {
            if (made !== undefined) await store.remove(made);
          },
        };
      }),
    ],
  };
}
