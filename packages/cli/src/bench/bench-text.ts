import type { BenchResult, Judged } from "@copyup/bench";
import { goalAmount, heldAgainst, measuredAmount, peerRows } from "@copyup/bench/report";
import { absentLines, BENCH_TABLE_NOTE, benchTable, table } from "../output/bench-table.ts";

/** What `copyup bench` prints. */
export function benchText(report: BenchResult, place: string): string {
  const { environment, workloads } = report;
  const goals = report.goals.filter((goal) => workloads.some(({ workload }) => workload === goal.workload));
  const lines = [
    `Linux ${environment.kernel}, ${environment.cpu} (${environment.cores} cores), Node ${environment.node}, ${place}`,
    `gzip is read by ${environment.gzip.codec} (${environment.gzip.reason})`,
    `${report.runs} runs of each contestant, the tree of small files at scale ${report.scale}, the machine's own noise ±${(report.machineNoise * 100).toFixed(1)} %`,
    ...peerRows(environment.peers).map(([name, value]) => `${name}: ${value}`),
    "",
    ...benchTable(workloads),
    ...BENCH_TABLE_NOTE,
    ...absentLines(workloads),
    ...(goals.length === 0 ? [] : ["", ...table(["goal", "", "at most", "measured", ""], goals.map(goalRow), "  ")]),
  ];
  return lines.join("\n");
}

function goalRow(goal: Judged): string[] {
  const { workload, contestant, atMost, verdict } = goal;
  const against = heldAgainst(goal);
  const held = against === null ? contestant : `${contestant} / ${against}`;
  return [workload, held, goalAmount(goal, atMost), measuredAmount(goal), verdict];
}
