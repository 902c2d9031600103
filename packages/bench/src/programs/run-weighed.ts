import { readFileSync } from "node:fs";
import path from "node:path";
import type { OwnFigures } from "../workload.ts";
import type { Yardsticks } from "../yardstick/build-yardsticks.ts";
import { runProgram } from "./programs.ts";

/**
 * Runs a program started by a small one in C, to whose own memory the kernel adds nothing of ours: so its peak is known however
 * little it is. Without a compiler the peak is known only where it is more than ours.
 */
export function runWeighed(
  { dir, yardsticks }: { readonly dir: string; readonly yardsticks: Yardsticks },
  argv: readonly [string, ...string[]],
): OwnFigures {
  if ("absent" in yardsticks) return runProgram(argv, { cwd: dir });
  const answer = path.join(dir, "peak");
  runProgram([yardsticks.programs.peak, answer, ...argv], { cwd: dir });
  return { peakBytes: Number(readFileSync(answer, "latin1")) * 1024 };
}
