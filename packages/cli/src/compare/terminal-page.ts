import { styleText } from "node:util";
import { countStatuses } from "@copyup/conformance/report";
import { whyNot } from "@copyup/runtime";
import { absentLines, BENCH_TABLE_NOTE, benchTable, table } from "../output/bench-table.ts";
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
  const working = workingDrivers(report);
  lines.push(
    ...(working.length === 0
      ? ["  nothing was checked or measured: no driver that was asked for works here"]
      : table(
          ["", "passed", "deviating as declared", "failed", "skipped"],
          working.map((name) => conformanceRow(report, name)),
          "  ",
        )),
  );
  for (const result of report.results.filter((r) => r.status === "fail")) {
    lines.push(paint("red", `  FAIL ${result.driver} ${result.id} ${result.title}`), `       ${result.reason ?? ""}`);
  }
  lines.push(...skipReasons(report));
  if (report.bench) {
    lines.push("", paint("bold", `Side by side (${report.benchScratch}; ${report.image})`));
    lines.push(...benchTable(report.bench.workloads), ...BENCH_TABLE_NOTE, ...absentLines(report.bench.workloads));
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
