export type { BenchEnvironment } from "./environment.ts";
export { type BenchReport, quickBench, type QuickBenchOptions, type SubjectLosses } from "./quick-bench.ts";
export { type ContestantResult, runWorkload, type WorkloadResult } from "./run-workload.ts";
export { compareWithReference, type Comparison, type Verdict } from "./statistics/ranking.ts";
export { quantile, type Summary, summarize } from "./statistics/summary.ts";
export type { Contestant, Workload } from "./workload.ts";
