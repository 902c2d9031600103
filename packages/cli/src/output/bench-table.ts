import { type ContestantResult, figureOf, type WorkloadResult } from "@copyup/bench";
import { amount, FIGURE_NAMES, percent, shownName } from "@copyup/bench/report";

/** The figure that each workload asks for, contestant by contestant; with its name where that is not CPU time. */
export function benchTable(workloads: readonly WorkloadResult[]): string[] {
  const rows = workloads.flatMap((workload) =>
    workload.contestants
      .filter((contestant) => figureOf(contestant, workload.asks) !== null)
      .map((contestant, i) => [
        i === 0 ? workload.workload : "",
        shownName(contestant, workload.contestants),
        ...cells(contestant, workload.asks),
      ]),
  );
  return table(["", "", "CPU time", "±", "×", "wall time"], rows, "  ");
}

function cells(contestant: ContestantResult, asks: WorkloadResult["asks"]): string[] {
  const { compared, wallMs } = contestant;
  const figure = figureOf(contestant, asks);
  if (!figure) return [];
  const mark = compared?.verdict === "within noise" ? "≈" : "";
  const named = asks === "cpuMs" ? "" : ` ${FIGURE_NAMES[asks]}`;
  return [
    `${amount(asks, figure.median)}${named}`,
    percent(figure.spread),
    compared ? `${mark}${compared.ratio.toFixed(2)}` : "-",
    wallMs ? amount("wallMs", wallMs.median) : "-",
  ];
}

/** Who could not take part and why, each reason once. */
export function absentLines(workloads: readonly WorkloadResult[]): string[] {
  const who = workloads.flatMap(({ workload, contestants, asks }) =>
    contestants
      .filter((contestant) => figureOf(contestant, asks) === null)
      .map(({ name, absent }) => ({ workload, told: `${name}: ${absent ?? "the figure asked for was not measured"}` })),
  );
  return [...Map.groupBy(who, ({ told }) => told)].map(
    ([told, list]) => `  not in ${list.map(({ workload }) => workload).join(", ")}: ${told}`,
  );
}

/** What stands under such a table. */
export const BENCH_TABLE_NOTE: readonly string[] = [
  "  Median CPU time of the whole process tree (or the figure named) ± half the interquartile range; × is against the first of",
  "  each group; ≈ means within this series' own noise, so no ranking.",
];

/** First column(s) left, numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], indent: string): string[] {
  const numberFrom = head.findIndex((title, i) => i > 0 && title !== "");
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  return [head, ...rows].map((row) =>
    `${indent}${row.map((cell, i) => (i >= numberFrom ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join("  ")}`.trimEnd(),
  );
}
