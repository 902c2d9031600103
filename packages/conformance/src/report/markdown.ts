import type { CellRecord, Status } from "../runner-contract.ts";
import { countStatuses } from "./count-statuses.ts";
import { columnsOf, distinct } from "./html/columns.ts";
import { type KernelDifference, kernelDifferences, type OnKernel } from "./kernel-differences.ts";
import { oneLine } from "./plain-text.ts";

const STATUSES: readonly Status[] = ["pass", "deviates", "fail", "skip"];

/** The summary for people who read text: kernels × drivers, and what differs between the kernels. */
export function markdown(cells: readonly CellRecord[]): string {
  const { kernels, checks, features } = kernelDifferences(cells);
  const parts = [
    `# Conformance\n\n${aboutCells(cells)}`,
    `Checks passed / deviating as declared / failed / skipped, over all filesystems:\n\n${kernelTable(cells)}`,
  ];
  if (kernels.length > 1) {
    parts.push("## What differs between the kernels");
    parts.push(checks.length === 0 ? "No check." : differencesTable("check", kernels, checks));
    if (features.length > 0)
      parts.push(`What the drivers' probes found:\n\n${differencesTable("feature", kernels, features)}`);
  }
  const failures = cells.flatMap((cell) => cell.results.filter(({ status }) => status === "fail"));
  if (failures.length > 0)
    parts.push(
      `## Failures\n\n${failures
        .map(
          (one) =>
            `- ${one.driver} on ${one.filesystem}, Linux ${one.kernel}: ${one.id} ${escaped(one.title)}: ${escaped(firstOf(one.reason))}`,
        )
        .join("\n")}`,
    );
  return `${parts.join("\n\n")}\n`;
}

/** `copyup 0.1.0 (359a342), 2026-01-02: ext4, xfs; 48 cells`. */
export function aboutCells(cells: readonly CellRecord[]): string {
  const versions = distinct(cells.map((cell) => `copyup ${cell.version}${cell.commit ? ` (${cell.commit})` : ""}`));
  const dates = distinct(cells.map((cell) => cell.date.slice(0, 10))).sort();
  const filesystems = distinct(columnsOf(cells).map(({ filesystem }) => filesystem));
  const when = dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : dates[0];
  return `${versions.join(", ")}, ${when}, on ${filesystems.join(", ")}: ${cells.length} cells.`;
}

/** A kernel a row, a driver a column; failures in bold. */
export function kernelTable(cells: readonly CellRecord[]): string {
  const columns = columnsOf(cells);
  const drivers = distinct(columns.map(({ driver }) => driver));
  const rows = distinct(columns.map(({ kernel }) => kernel)).map((kernel) => {
    const told = drivers.map((driver) => {
      const own = columns.filter((column) => column.kernel === kernel && column.driver === driver);
      if (own.length === 0) return "";
      if (own.every(({ cell }) => !cell.works)) return "does not work here";
      const counts = countStatuses(own.flatMap(({ cell }) => cell.results));
      return STATUSES.map((one) => (one === "fail" && counts.fail > 0 ? `**${counts.fail}**` : counts[one])).join(
        " / ",
      );
    });
    return [`Linux ${kernel}`, ...told];
  });
  return table([["", ...drivers], ...rows]);
}

function differencesTable(head: string, kernels: readonly string[], rows: readonly KernelDifference[]): string {
  return table([
    [head, "driver", ...kernels],
    ...rows.map((row) => [
      `${row.id} ${row.title}${row.everywhere ? "" : ` (${row.filesystems.join(", ")})`}`.trim(),
      row.driver,
      ...kernels.map((kernel) => tell(row.kernels.get(kernel))),
    ]),
  ]);
}

function tell(seen: OnKernel | undefined): string {
  if (seen === undefined) return "";
  if (seen.word !== "") return `\`${seen.word}\``;
  return [seen.status, firstOf(seen.detail)].filter(Boolean).join(": ");
}

function firstOf(text = ""): string {
  const [line = ""] = text.split("\n");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function escaped(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}
