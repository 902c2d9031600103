import type { CellRecord, CheckResult } from "../runner-contract.ts";
import { cellName } from "./cell-name.ts";
import { countStatuses } from "./count-statuses.ts";
import { oneLine, printable } from "./plain-text.ts";

/** JUnit XML as Jenkins, GitLab and their like read it: a suite a cell, a case a check; deviations are cases that pass. */
export function junit(cells: readonly CellRecord[]): string {
  const results = cells.flatMap((cell) => cell.results);
  const seconds = cells.reduce((sum, cell) => sum + cell.ms, 0) / 1000;
  const attributes = `name="copyup conform" time="${time(seconds)}" tests="${results.length}" failures="${countStatuses(results).fail}" errors="0"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${attributes}>\n${cells.map(suite).join("")}</testsuites>\n`;
}

function suite(cell: CellRecord): string {
  const counts = countStatuses(cell.results);
  const { version, commit, seed, scratch, host } = cell;
  const properties = {
    version,
    commit: commit ?? "unknown",
    seed,
    scratch,
    kernel: host.kernelRelease,
    arch: host.arch,
    uid: host.euid,
  };
  return ` <testsuite name="${attribute(cellName(cell))}" tests="${cell.results.length}" failures="${counts.fail}" errors="0" skipped="${counts.skip}" time="${time(cell.ms / 1000)}" timestamp="${cell.date.slice(0, 19)}">
  <properties>
${Object.entries(properties)
  .map(([name, value]) => `   <property name="${name}" value="${attribute(String(value))}"/>\n`)
  .join("")}  </properties>
${cell.results.map(testcase).join("")} </testsuite>
`;
}

function testcase(result: CheckResult): string {
  const { driver, filesystem, id, title, ms } = result;
  const family = id.replace(/\d+$/, "");
  const inside = outcome(result);
  const head = `  <testcase classname="${attribute(`${driver}.${filesystem}.${family}`)}" name="${attribute(`${id} ${title}`)}" time="${time(ms / 1000)}"`;
  return inside === "" ? `${head}/>\n` : `${head}>\n${inside}  </testcase>\n`;
}

function outcome({ status, reason = "", evidence = [] }: CheckResult): string {
  if (status === "skip") return `   <skipped message="${attribute(reason)}"/>\n`;
  if (status === "deviates") return `   <system-out>${text(`deviates as declared: ${reason}`)}</system-out>\n`;
  if (status === "pass") return "";
  const told = [reason, ...evidence.map((one) => `## ${one.title}\n${one.text}`)].join("\n\n");
  return `   <failure type="conformance" message="${attribute(reason)}">${text(told)}</failure>\n`;
}

/** At most three decimals, which every reader takes. */
function time(seconds: number): string {
  return seconds.toFixed(3);
}

function text(raw: string): string {
  return printable(raw).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function attribute(raw: string): string {
  return text(oneLine(raw)).replaceAll('"', "&quot;");
}
