import { styleText } from "node:util";
import type { ContestantResult, WorkloadResult } from "@copyup/bench";
import { countStatuses } from "@copyup/conformance/report";
import { whyNot } from "@copyup/runtime";
import { withThisCommand } from "../output/this-command.ts";
import { type ComparisonReport, whoExportsAlike, workingDrivers } from "./comparison.ts";

type Style = Parameters<typeof styleText>[0];

/** The one page `copyup compare` prints. */
export function terminalPage(report: ComparisonReport, colour: boolean): string {
  const paint = (style: Style, text: string) => (colour ? styleText(style, text) : text);
  const lines: string[] = [];
  const { host } = report;
  lines.push(
    paint("bold", `copyup ${report.version} on Linux ${host.kernelRelease} (${host.arch}, ${whoIs(report)})`),
    "",
  );
  lines.push(paint("bold", "What works here"));
  for (const probe of report.probes) {
    const mark = probe.works ? paint("green", "works ") : paint("red", "no    ");
    lines.push(`  ${mark} ${probe.driver.padEnd(14)} ${probe.works ? probe.summary : withThisCommand(whyNot(probe))}`);
    for (const finding of probe.findings.filter((f) => probe.works && !f.ok))
      lines.push(`         ${"".padEnd(14)} without ${finding.feature}: ${finding.evidence}`);
  }
  lines.push("", paint("bold", `Conformance (${report.conformanceScratch})`));
  lines.push(
    ...table(
      ["", "passed", "deviating as declared", "failed", "skipped"],
      workingDrivers(report).map((name) => conformanceRow(report, name)),
      "  ",
    ),
  );
  for (const result of report.results.filter((r) => r.status === "fail")) {
    lines.push(paint("red", `  FAIL ${result.driver} ${result.id} ${result.title}`), `       ${result.reason ?? ""}`);
  }
  lines.push(...skipReasons(report));
  if (report.bench) {
    lines.push("", paint("bold", `Side by side (${report.benchScratch}; ${report.image})`));
    lines.push(...benchTable(report.bench.workloads));
    lines.push(
      "  Median CPU time of the whole process tree ± half the interquartile range; × is against the first of each group;",
      "  ≈ means within this series' own noise, so no ranking.",
    );
    const alike = whoExportsAlike(report);
    if (alike !== null) lines.push(alike.all ? `  ${alike.text}` : paint("yellow", `  ${alike.text}`));
    for (const { driver, lost, examples } of report.bench.losses) {
      const kinds = Object.entries(lost).map(
        ([kind, count]) => `${kind} of ${count} entries${examples[kind] ? ` (${examples[kind]})` : ""}`,
      );
      if (kinds.length > 0)
        lines.push(paint("yellow", `  ${driver} could not keep, as this user: ${kinds.join(", ")}`));
    }
  }
  return lines.join("\n");
}

export function whoIs(report: ComparisonReport): string {
  const who = report.host.euid === 0 ? "root" : `uid ${report.host.euid}`;
  return report.host.userNamespace ? `${who} in a user namespace` : who;
}

function conformanceRow(report: ComparisonReport, driver: string): string[] {
  const counts = countStatuses(report.results.filter((result) => result.driver === driver));
  return [driver, String(counts.pass), String(counts.deviates), String(counts.fail), String(counts.skip)];
}

/** Skips of working drivers, counted by their reason. */
function skipReasons(report: ComparisonReport): string[] {
  const reasons = new Map<string, number>();
  const working = workingDrivers(report);
  for (const result of report.results) {
    if (result.status !== "skip" || !working.includes(result.driver)) continue;
    const key = `${result.driver}: ${result.reason ?? ""}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => `  skipped ${count}: ${reason}`);
}

function benchTable(workloads: readonly WorkloadResult[]): string[] {
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
function table(head: readonly string[], rows: readonly (readonly string[])[], indent: string): string[] {
  const numberFrom = head.findIndex((title, i) => i > 0 && title !== "");
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  return [head, ...rows].map((row) =>
    `${indent}${row.map((cell, i) => (i >= numberFrom ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join("  ")}`.trimEnd(),
  );
}
