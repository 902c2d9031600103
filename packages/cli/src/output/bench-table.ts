import type { ContestantResult, WorkloadResult } from "@copyup/bench";

/** CPU and wall time of each contestant, workload by workload. */
export function benchTable(workloads: readonly WorkloadResult[]): string[] {
  const rows = workloads.flatMap((workload) =>
    workload.contestants.map((contestant, i) => [
      i === 0 ? workload.workload : "",
      contestant.name,
      ...timeCells(contestant),
    ]),
  );
  return table(["", "", "CPU ms", "±", "×", "wall ms"], rows, "  ");
}

function timeCells(contestant: ContestantResult): string[] {
  if (!contestant.cpuMs || !contestant.wallMs || !contestant.compared) return [contestant.absent ?? "-", "", "", ""];
  const { ratio, verdict } = contestant.compared;
  const mark = verdict === "within noise" ? "≈" : verdict === "reference" ? " " : "";
  return [
    milliseconds(contestant.cpuMs.median),
    `${(contestant.cpuMs.spread * 100).toFixed(0)} %`,
    `${mark}${ratio.toFixed(2)}`,
    milliseconds(contestant.wallMs.median),
  ];
}

export function milliseconds(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}

/** First column(s) left, numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], indent: string): string[] {
  const numberFrom = head.findIndex((title, i) => i > 0 && title !== "");
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  return [head, ...rows].map((row) =>
    `${indent}${row.map((cell, i) => (i >= numberFrom ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join("  ")}`.trimEnd(),
  );
}
