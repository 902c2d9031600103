import { html, type Markup } from "@copyup/conformance/report";
import type { WorkloadResult } from "../../run/run-workload.ts";
import type { Role } from "../../workload.ts";
import { FIGURE_NAMES, percent } from "../amount.ts";
import { ROLES } from "../roles.ts";
import { bars } from "../svg/bars.ts";
import { figuresTable } from "./figures-table.ts";

export function roleLegend(): Markup {
  const roles = (Object.keys(ROLES) as Role[]).map(
    (role) => html`<span><i class="swatch ${role}"></i>${ROLES[role]}</span>`,
  );
  return html`<p class="legend small">${roles}<span>┆ the limit, through all bars</span><span>├─┤ the middle half of the runs</span><span><i class="swatch peer paler"></i>the program's start alone</span></p>`;
}

export function workloadSection(result: WorkloadResult): Markup {
  const { workload, question, fairness, reference, noiseFloor, asks } = result;
  const measured = result.contestants.some(({ compared }) => compared !== null);
  return html`<section class="workload" id="${anchor(workload)}"><h3><code>${workload}</code>${question}</h3><p class="small soft">${fairness}</p>
<p class="small soft"><b>${capital(FIGURE_NAMES[asks])}</b>, median; × is against ${reference ?? "nobody"}; the noise is ±${percent(noiseFloor)}, and ≈ is no ranking.</p>
${measured ? bars(result) : null}${figuresTable(result)}</section>`;
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const anchor = (name: string): string => `w-${name.replace(/[^\w-]/g, "-")}`;
