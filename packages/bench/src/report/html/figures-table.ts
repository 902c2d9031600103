import { html, type Markup } from "@copyup/conformance/report";
import { figureOf } from "../../run/figure-of.ts";
import type { ContestantResult, WorkloadResult } from "../../run/run-workload.ts";
import type { Summary } from "../../statistics/summary.ts";
import { FIGURES, type Figure } from "../../workload.ts";
import { amount, FIGURE_NAMES, percent } from "../amount.ts";
import { shownName } from "../shown-name.ts";
import { times } from "../svg/bar-rows.ts";

/** Everything that was measured of a workload; a column for each figure that anybody has. */
export function figuresTable(result: WorkloadResult): Markup {
  const { contestants, asks, reference } = result;
  const known = FIGURES.filter((figure) => contestants.some((contestant) => figureOf(contestant, figure) !== null));
  // What was asked first, and what it comes to: a phone shows little more without scrolling.
  const figures = known.filter((figure) => figure !== asks);
  const started = contestants.some(({ startUpMs }) => startUpMs !== null);
  const head = figures.map((figure) => html`<th class="number">${FIGURE_NAMES[figure]}</th>`);
  const columns = figures.length + (started ? 1 : 0) + 3;
  return html`<div class="scroll"><table class="small figures"><thead><tr><th></th><th class="number">${FIGURE_NAMES[asks]}</th><th class="number">against ${reference ?? "–"}</th>${head}${started ? html`<th class="number">start alone, CPU</th>` : null}<th class="number">runs</th></tr></thead><tbody>${contestants.map((contestant) => row({ ...contestant, name: shownName(contestant, contestants) }, figures, asks, started, columns))}</tbody></table></div>`;
}

function row(
  contestant: ContestantResult,
  figures: readonly Figure[],
  asks: Figure,
  started: boolean,
  columns: number,
): Markup {
  const { name, absent, startUpMs, compared } = contestant;
  if (absent !== null || contestant.cpuMs === null)
    return html`<tr><td>${name}</td><td class="soft absent" colspan="${columns}">${absent ?? "did not take part"}</td></tr>`;
  const cells = figures.map((figure) => cell(figure, figureOf(contestant, figure)));
  return html`<tr><td>${name}</td>${cell(asks, figureOf(contestant, asks), " asked")}<td class="number">${against(compared)}</td>${cells}${started ? cell("cpuMs", startUpMs) : null}<td class="number">${contestant.cpuMs.runs}</td></tr>`;
}

function cell(figure: Figure, summary: Summary | null, more = ""): Markup {
  if (summary === null) return html`<td class="number soft">–</td>`;
  const spread = summary.median === 0 ? null : html` <span class="spread">±${percent(summary.spread)}</span>`;
  return html`<td class="number${more}">${amount(figure, summary.median)}${spread}</td>`;
}

function against(compared: ContestantResult["compared"]): string {
  if (compared === null) return "–";
  if (compared.verdict === "reference") return "reference";
  return `${compared.verdict === "within noise" ? "≈ " : ""}${times(compared.ratio)}`;
}
