export { type BenchOptions, type BenchResult, bench } from "./bench.ts";
export {
  type BenchDifferences,
  compareResults,
  regressionsOf,
  type Side,
} from "./differences/compare-results.ts";
export type { Difference } from "./differences/difference.ts";
export type { BenchEnvironment } from "./environment.ts";
export { type Goal, type Judged, judgeGoals } from "./goals/goal.ts";
export { GOALS } from "./goals/goals.ts";
export { type BenchReport, type QuickBenchOptions, quickBench, type SubjectLosses } from "./quick/quick-bench.ts";
export { figureOf } from "./run/figure-of.ts";
export { type ContestantResult, type RunOptions, runWorkload, type WorkloadResult } from "./run/run-workload.ts";
export { type Comparison, compareWithReference, type Verdict } from "./statistics/ranking.ts";
export { quantile, type Summary, summarize } from "./statistics/summary.ts";
export { type Contestant, FIGURES, type Figure, type GrowthPoint, type Role, type Workload } from "./workload.ts";
export { WORKLOADS } from "./workloads/index.ts";
export { BYTES_AN_INODE, type Choices, type Maker, type Points } from "./workloads/maker.ts";
export { buildYardsticks, YARDSTICKS, type Yardstick, type Yardsticks } from "./yardstick/build-yardsticks.ts";
