import { html, type Markup } from "@copyup/conformance/report";
import type { BenchResult } from "../../bench.ts";
import { environmentRows } from "../environment-rows.ts";

/** What a reader must know to judge the figures. */
export function environmentSection(result: BenchResult): Markup {
  const rows = environmentRows(result).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<h2 id="environment">Measured on</h2><dl class="environment">${rows}</dl>`;
}
