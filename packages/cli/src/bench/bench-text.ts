import type { FullBenchReport, Judged } from "@copyup/bench";
import { benchTable, table } from "../output/bench-table.ts";

/** What `copyup bench` prints. */
export function benchText(report: FullBenchReport, place: string): string {
  const { environment, workloads, goals } = report;
  const lines = [
    `Linux ${environment.kernel}, ${environment.cpu} (${environment.cores} cores), Node ${environment.node}, ${place}`,
    `a tree of ${report.entries} entries, ${(report.contentBytes / 1e6).toFixed(0)} MB`,
    "",
    ...benchTable(workloads),
    "  Median CPU time of the whole process tree ± half the interquartile range; × is against the first of each group;",
    "  ≈ means within this series' own noise, so no ranking.",
    "",
    ...table(["goal", "", "at most", "measured", ""], goals.map(goalRow), "  "),
  ];
  return lines.join("\n");
}

function goalRow({ workload, contestant, against, atMost, ratio, verdict }: Judged): string[] {
  return [workload, `${contestant} / ${against}`, atMost.toFixed(2), ratio === null ? "-" : ratio.toFixed(2), verdict];
}
