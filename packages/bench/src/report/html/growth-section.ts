import { html, type Markup } from "@copyup/conformance/report";
import { amount, FIGURE_NAMES, percent } from "../amount.ts";
import { type Curve, type Growth, place } from "../growth.ts";
import { curves, short } from "../svg/curves.ts";
import { figuresTable } from "./figures-table.ts";
import { anchor, capital } from "./workload-section.ts";

/** One growth curve: the chart, its points as a table, and all figures of each point folded below. */
export function growthSection(growth: Growth): Markup {
  const [first] = growth.results;
  const { name, along, asks, results } = growth;
  const places = [...new Set(results.map(place))];
  const rows = growth.curves.map(
    (curve) => html`<tr><td>${curve.name}</td>${places.map((at) => cell(growth, curve, at))}</tr>`,
  );
  return html`<section class="workload" id="${anchor(name)}"><h3><code>${name}</code>${first?.question ?? ""}</h3><p class="small soft">${first?.fairness ?? ""}</p>
<p class="small soft"><b>${capital(FIGURE_NAMES[asks])}</b>, median, by ${along}; a whisker spans the middle half of the runs${growth.curves.some(({ role }) => role === "limit") ? "; the dashed line is the limit of this machine" : ""}.</p>
${growth.curves.length === 0 ? null : curves(growth)}
<div class="scroll"><table class="small figures"><thead><tr><th>${along}</th>${places.map((at) => html`<th class="number">${short(at, along)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
<details class="small"><summary>All figures of each point</summary>${results.map((result) => html`<p class="small"><b>${result.workload}</b> <span class="soft">(noise ±${percent(result.noiseFloor)})</span></p>${figuresTable(result)}`)}</details></section>`;
}

function cell({ asks }: Growth, { points }: Curve, at: number): Markup {
  const point = points.find((one) => one.at === at);
  if (!point) return html`<td class="number soft">–</td>`;
  return html`<td class="number">${amount(asks, point.figure.median)} <span class="spread">±${percent(point.figure.spread)}</span></td>`;
}
