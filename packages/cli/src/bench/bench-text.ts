import type { BenchResult, Judged } from "@copyup/bench";
import { benchTable, table } from "../output/bench-table.ts";

/** What `copyup bench` prints. */
export function benchText(report: BenchResult, place: string): string {
  const { environment, workloads, goals } = report;
  const lines = [
    `Linux ${environment.kernel}, ${environment.cpu} (${environment.cores} cores), Node ${environment.node}, ${place}`,
    `${report.runs} runs of each contestant, the tree of small files at scale ${report.scale}, the machine's own noise ±${(report.machineNoise * 100).toFixed(1)} %`,
    "",
    ...benchTable(workloads),
    "  Median CPU time of the whole process tree ± half the interquartile range; × is against the first of each group;",
    "  ≈ means within this series' own noise, so no ranking.",
    "",
    ...table(["goal", "", "at most", "measured", ""], goals.map(goalRow), "  "),
  ];
  return lines.join("\n");
}

function goalRow({ workload, contestant, against, atMost, measured, verdict }: Judged): string[] {
  const held = against === null ? contestant : `${contestant} / ${against}`;
  return [workload, held, atMost.toFixed(2), measured === null ? "-" : measured.toFixed(2), verdict];
}
