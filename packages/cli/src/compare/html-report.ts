import { CHART_STYLE, workloadSection } from "@copyup/bench/report";
import {
  checksSection,
  countStatuses,
  FILTER_SCRIPT,
  html,
  MATRIX_STYLE,
  Markup,
  STYLE,
} from "@copyup/conformance/report";
import { whyNot } from "@copyup/runtime";
import { type ComparisonReport, whoExportsAlike, workingDrivers } from "./comparison.ts";
import { whoIs } from "./terminal-page.ts";

/** One self-contained page: opens from disk, offline, and reads well on a phone and on paper. */
export function htmlReport(report: ComparisonReport): string {
  const { host } = report;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>copyup: storage drivers on Linux ${host.kernelRelease}</title><style>${new Markup(STYLE + MATRIX_STYLE + CHART_STYLE)}</style></head><body>
<header><h1>Container storage drivers on Linux ${host.kernelRelease}</h1>
<p class="soft">copyup ${report.version}, ${report.date.slice(0, 16).replace("T", " ")} UTC, ${host.arch}, as ${whoIs(report)}; ${report.seconds.toFixed(0)} seconds</p></header>
<main>${worksHere(report)}${conformance(report)}${sideBySide(report)}${everyCheck(report)}</main>
<footer>Written by <code>copyup compare</code>. A deviation is a behaviour that differs from a plain directory's and that the driver declares; the suite fails a driver for a deviation it does not declare, and for one it declares and does not have.</footer>
<script>${new Markup(FILTER_SCRIPT)}</script></body></html>`;
  return `${page.text}\n`;
}

function worksHere(report: ComparisonReport): Markup {
  const cards = report.probes.map(
    (
      probe,
    ) => html`<section class="card"><h3>${probe.driver}: <span class="${probe.works ? "pass" : "fail"}">${probe.works ? "works" : "does not work"}</span></h3>
<p class="small soft">${probe.works ? probe.summary : whyNot(probe)}</p>
<ul>${probe.findings.map((f) => html`<li><span class="mark ${f.ok ? "pass" : f.required ? "fail" : "skip"}">${f.ok ? "✓" : f.required ? "✗" : "–"}</span> <strong>${f.feature}</strong>: ${f.evidence}${!f.ok && f.fix ? html` <em>${f.fix}</em>` : null}</li>`)}</ul></section>`,
  );
  return html`<h2>What works here</h2><div class="cards">${cards}</div>`;
}

function conformance(report: ComparisonReport): Markup {
  const rows = workingDrivers(report).map((driver) => {
    const counts = countStatuses(report.results.filter((result) => result.driver === driver));
    return html`<tr><td>${driver}</td>${(["pass", "deviates", "fail", "skip"] as const).map((status) => html`<td class="number ${counts[status] > 0 ? status : "skip"}">${counts[status]}</td>`)}</tr>`;
  });
  return html`<h2>Conformance</h2><p class="soft">In ${report.conformanceScratch}. Every edit is replayed on a plain directory and the trees are compared; after every check leaked mounts, descriptors and files are looked for.</p>
<table><thead><tr><th>driver</th><th class="number">passed</th><th class="number">deviating as declared</th><th class="number">failed</th><th class="number">skipped</th></tr></thead><tbody>${rows}</tbody></table>
<p class="small"><a href="#every-check">Every check with its outcome and reason</a> stands at the end.</p>`;
}

function everyCheck(report: ComparisonReport): Markup {
  const checks = checksSection(report.cells.filter((cell) => cell.works));
  return html`${checks.failures}<h2 id="every-check">Every check</h2>${checks.matrix}${checks.skips}`;
}

function sideBySide(report: ComparisonReport): Markup {
  const { bench } = report;
  if (!bench) return html`<h2>Side by side</h2><p>No driver works here, so nothing was measured.</p>`;
  const { environment } = bench;
  const alike = whoExportsAlike(report);
  const lost = bench.losses.flatMap(({ driver, lost, examples }) =>
    Object.entries(lost).map(
      ([kind, count]) =>
        html`<li>${driver}: ${kind} of ${count} entries${examples[kind] ? html`, such as <code>${examples[kind]}</code>` : null}</li>`,
    ),
  );
  return html`<h2>Side by side</h2>
<p class="soft">On ${report.benchScratch}; ${report.image}. Runs are interleaved; the bars are the median CPU time (user and system) of the whole process tree, the whisker its interquartile range; ≈ means that the difference is within this series' own noise. ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}; ${Object.values(environment.programs).join("; ")}.</p>
${bench.workloads.map(workloadSection)}
${alike === null ? null : html`<p>${alike.text}</p>`}
${lost.length > 0 ? html`<h3>What could not be kept as this user</h3><ul>${lost}</ul>` : null}`;
}
