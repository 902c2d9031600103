import { html, Markup, STYLE } from "@copyup/conformance/report";
import type { BenchResult } from "../../bench.ts";
import { growthsOf } from "../growth.ts";
import { CHART_STYLE } from "../svg/style.ts";
import { environmentSection } from "./environment-section.ts";
import { goalsSection, goalTiles } from "./goals-section.ts";
import { growthSection } from "./growth-section.ts";
import { PAGE_STYLE } from "./style.ts";
import { wordsSection } from "./words-section.ts";
import { anchor, roleLegend, workloadSection } from "./workload-section.ts";

/** One self-contained page: opens from disk, offline, without JavaScript, and reads well on a phone and on paper. */
export function benchPage(result: BenchResult): string {
  const { environment, workloads } = result;
  const single = workloads.filter(({ growth }) => growth === null);
  const growths = growthsOf(workloads);
  const shown = [...single.map(({ workload }) => workload), ...growths.map(({ name }) => name)];
  // The others could only be told as not measured.
  const goals = result.goals.filter((goal) => workloads.some(({ workload }) => workload === goal.workload));
  const sections = new Map(workloads.map(({ workload, growth }) => [workload, growth?.curve ?? workload]));
  const contents = shown.map((name) => html`<a href="#${anchor(name)}">${name}</a>`);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>copyup bench: ${environment.cpu}, Linux ${environment.kernel}</title><style>${new Markup(STYLE + CHART_STYLE + PAGE_STYLE)}</style></head><body class="bench">
<header><h1>Storage drivers side by side</h1>
<p class="soft">${result.version === null ? "copyup" : `copyup ${result.version}`}${result.commit === null ? "" : ` (${result.commit})`}; ${environment.cpu}, ${environment.cores} cores; Linux ${environment.kernel}; ${environment.filesystem}; ${environment.date.slice(0, 16).replace("T", " ")} UTC</p></header>
<main>${goalTiles(goals)}<nav class="contents small" aria-label="Workloads">${contents}</nav>
${environmentSection(result)}${goalsSection(goals, sections)}${wordsSection()}
${single.length === 0 ? null : html`<h2 id="workloads">Workloads</h2>${roleLegend()}${single.map(workloadSection)}`}
${growths.length === 0 ? null : html`<h2 id="growth">How costs grow</h2>${growths.map(growthSection)}`}</main>
<footer>Written by <code>copyup bench</code>. How it measures, and how to read this page: docs/benchmarking.md.</footer></body></html>`;
  return `${page.text}\n`;
}
