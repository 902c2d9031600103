export type { BenchEnvironment } from "./environment.ts";
export { GOALS, type Goal, type Judged, judgeGoals } from "./full/goal.ts";
export { type FullBenchOptions, type FullBenchReport, fullBench, WORKLOADS } from "./full-bench.ts";
export { type BenchReport, type QuickBenchOptions, quickBench, type SubjectLosses } from "./quick-bench.ts";
export { type ContestantResult, runWorkload, type WorkloadResult } from "./run-workload.ts";
export { type Comparison, compareWithReference, type Verdict } from "./statistics/ranking.ts";
export { quantile, type Summary, summarize } from "./statistics/summary.ts";
export type { Contestant, Workload } from "./workload.ts";
export { buildYardsticks, YARDSTICKS, type Yardstick, type Yardsticks } from "./yardstick/build-yardsticks.ts";
