import type { Check } from "../../check.ts";
import { programsLimitMs, runPrograms } from "../../random/run-programs.ts";

/** RD01 */
export const programsOnTheMount: Check = {
  id: "RD01",
  title: "random programs leave the tree they leave in a plain directory, after each remount and commit",
  restsOn: ["xattrs", "times", "inodes", "names", "rename"],
  cites: [
    "house rule 10: the reference is a plain directory",
    "unionmount-testsuite, which runs fixed sequences on a plain directory first",
    "fast-check, model-based testing",
  ],
  limitMs: programsLimitMs,
  run: (trial) => runPrograms(trial, { runs: trial.runs, exports: false, unsayable: true }),
};
