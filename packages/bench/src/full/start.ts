import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Workload } from "../workload.ts";
import { runProgram } from "../workloads/programs.ts";
import type { Ground } from "./ground.ts";

/** `command`: how this copyup is started, as argv. */
export function start(ground: Ground, command: readonly string[], runs: number): Workload {
  const empty = path.join(ground.dir, "empty.cjs");
  writeFileSync(empty, "");
  const [program = process.execPath, ...words] = command;
  const root = path.join(ground.dir, ground.stands[0]!.driver.name);
  return {
    name: "start",
    question: "What does a cold start of the command cost, listing some hundred layers?",
    fairness:
      "node is the same Node running an empty file: what no program in it can be below. Programs in Go start faster than both.",
    runs,
    contestants: [
      { name: "node", run: () => runProgram(process.execPath, [empty], ground.dir) },
      {
        name: "copyup layer ls",
        run: () => runProgram(program, [...words, "--root", root, "layer", "ls"], ground.dir),
      },
    ],
  };
}
