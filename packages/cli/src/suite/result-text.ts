import type { CellRecord, CheckResult, UncheckedRow } from "@copyup/conformance";
import { columnsOf, countStatuses, kernelName } from "@copyup/conformance/report";
import { withThisCommand } from "../output/this-command.ts";

const WORDS = { pass: "ok", deviates: "deviates", fail: "FAIL", skip: "skip" } as const;

/** `  7/184 deviates overlay2 CU07 title`, the reason below; of a failure also the command that shows it again. */
export function resultLines(result: CheckResult, progress: { done: number; total: number }): string {
  const width = String(progress.total).length;
  const head = `${String(progress.done).padStart(width)}/${progress.total} ${WORDS[result.status].padEnd(8)} ${result.driver} ${result.id} ${result.title}`;
  // The evidence's first is the command that shows it again.
  const again = result.evidence?.[0]?.text;
  const below = [result.reason, again].flatMap((text) => (text ? text.split("\n") : []));
  return [head, ...below.map((line) => " ".repeat(2 * width + 2) + withThisCommand(line))].join("\n");
}

/** The last line: scripts read it. */
export function countLine(counts: ReturnType<typeof countStatuses>): string {
  return `${counts.pass} passed, ${counts.deviates} deviating as declared, ${counts.fail} failed, ${counts.skip} skipped`;
}

/** Rows of the catalogue that nobody proves. */
export function uncheckedLines(rows: readonly UncheckedRow[]): string {
  return rows.map(({ id, title, why }) => `no check  ${id} ${title}\n          ${why}`).join("\n");
}

/** One line a cell. */
export function summaryTable(cells: readonly CellRecord[]): string {
  const kernels = new Set(cells.map((cell) => kernelName(cell.host))).size > 1;
  const head = [
    ...(kernels ? ["Linux"] : []),
    "driver",
    "filesystem",
    "passed",
    "deviating",
    "failed",
    "skipped",
    "seconds",
  ];
  const rows = columnsOf(cells).map(({ cell }) => {
    const { pass, deviates, fail, skip } = countStatuses(cell.results);
    return [
      ...(kernels ? [kernelName(cell.host)] : []),
      cell.driver,
      cell.filesystem,
      ...[pass, deviates, fail, skip].map(String),
      (cell.ms / 1000).toFixed(1),
    ];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((text, i) => (i < (kernels ? 3 : 2) ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
