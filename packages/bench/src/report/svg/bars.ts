import { html, type Markup } from "@copyup/conformance/report";
import type { WorkloadResult } from "../../run/run-workload.ts";
import { FIGURE_NAMES } from "../amount.ts";
import { type BarRow, type BarRows, barRows } from "./bar-rows.ts";

const ROW = 38;
const TEXT = 13;
const BAR = 18;
const THICK = 11;

/**
 * A bar for each contestant, from zero, its name and value above it so that both have room on a phone; a whisker over the middle
 * half of its runs; the limit as a line through all. Places along the bars are percentages: the text keeps its size at any width.
 */
export function bars(result: WorkloadResult): Markup {
  const drawn = barRows(result);
  const said = drawn.rows.map(({ name, value }) => `${name} ${value}`).join(", ");
  const height = barsHeight(drawn);
  return html`<svg class="chart" width="100%" height="${height}" style="height:${height}px" role="img" aria-label="${FIGURE_NAMES[result.asks]}: ${said}">${barsInside(drawn)}</svg>`;
}

export const barsHeight = ({ rows }: BarRows): number => rows.length * ROW + 2;

/** To stand in an `svg` of any width. */
export function barsInside({ rows, limit }: BarRows): Markup {
  const line =
    limit === null || limit <= 0
      ? null
      : html`<line class="limit-line" x1="${at(limit)}" x2="${at(limit)}" y1="2" y2="${rows.length * ROW}"/>`;
  return html`${rows.map((row, i) => bar(row, i * ROW))}${line}${rows.map((row, i) => label(row, i * ROW))}`;
}

function bar({ role, median, startUp }: BarRow, y: number): Markup {
  const fill = html`<rect class="${role}" x="0" y="${y + BAR}" width="${at(Math.max(median, 0.002))}" height="${THICK}" rx="2"/>`;
  if (startUp === null) return fill;
  return html`${fill}<rect class="start-up" x="0" y="${y + BAR + 1}" width="${at(startUp)}" height="${THICK - 2}"/>`;
}

function label({ name, from, to, value, ratio }: BarRow, y: number): Markup {
  const middle = y + BAR + THICK / 2;
  const stroke = (x1: number, x2: number, half: number) =>
    html`<line x1="${at(x1)}" x2="${at(x2)}" y1="${middle - half}" y2="${middle + half}"/>`;
  const whisker = html`<g class="whisker">${stroke(from, to, 0)}${stroke(from, from, 4)}${stroke(to, to, 4)}</g>`;
  return html`${whisker}<text x="0" y="${y + TEXT}">${name}</text><text x="100%" y="${y + TEXT}" text-anchor="end">${value}${ratio === "" ? null : html`<tspan class="soft" dx="8">${ratio}</tspan>`}</text>`;
}

const at = (part: number) => `${(part * 100).toFixed(2)}%`;
