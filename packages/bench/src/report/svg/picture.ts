import { html, Markup, PALETTE } from "@copyup/conformance/report";
import type { BenchResult } from "../../bench.ts";
import type { WorkloadResult } from "../../run/run-workload.ts";
import type { Role } from "../../workload.ts";
import { ROLES } from "../roles.ts";
import { barRows } from "./bar-rows.ts";
import { barsHeight, barsInside } from "./bars.ts";
import { CHART_STYLE } from "./style.ts";

const [WIDTH, MARGIN, GAP] = [920, 24, 32];
const COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2;
const [HEAD, LINE] = [94, 17];
/** About so many letters of 13 pixels stand in a column. */
const LETTERS = 61;

/**
 * The bars of the workloads that have goals, as one picture for a README: on paper of its own, since a page that shows a picture may be
 * light where the reader's system is dark.
 */
export function picture(result: BenchResult): string {
  const judged = new Set(result.goals.map(({ workload }) => workload));
  const shown = result.workloads.filter(({ growth, workload }) => growth === null && judged.has(workload));
  const heights = [HEAD, HEAD];
  const panels = shown.map((workload) => {
    const column = heights[0]! <= heights[1]! ? 0 : 1;
    const y = heights[column]!;
    const { panel, height } = panelOf(workload, MARGIN + column * (COLUMN + GAP), y);
    heights[column] = y + height;
    return panel;
  });
  const height = Math.max(...heights) + 2 * LINE;
  const { environment, runs, scale } = result;
  const about = `${environment.cpu}, ${environment.cores} cores, Linux ${environment.kernel}, ${environment.filesystem}; ${runs} runs, scale ${scale}; ${environment.date.slice(0, 10)}`;
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="copyup beside the limit of the machine and other programs: CPU time by workload">
<style>${new Markup(PALETTE + CHART_STYLE + TEXT)}</style><rect class="paper" x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="${MARGIN}" y="30">CPU time: shorter is better; the dashed line is the limit of this machine</text>
${legend()}${panels}
<text class="soft" x="${MARGIN}" y="${height - 14}">${about}</text></svg>`;
  return `${svg.text}\n`;
}

function panelOf(workload: WorkloadResult, x: number, y: number): { panel: Markup; height: number } {
  const drawn = barRows(workload);
  const lines = wrapped(workload.question);
  const from = y + LINE + lines.length * LINE + 8;
  const height = barsHeight(drawn);
  const title = html`<text class="name" x="${x}" y="${y + LINE - 4}">${workload.workload}</text>${lines.map((line, i) => html`<text class="soft" x="${x}" y="${y + LINE * (i + 2) - 4}">${line}</text>`)}`;
  const panel = html`${title}<svg class="panel" x="${x}" y="${from}" width="${COLUMN}" height="${height}">${barsInside(drawn)}</svg>
`;
  return { panel, height: from - y + height + 22 };
}

function legend(): Markup {
  return html`${(Object.keys(ROLES) as Role[]).map((role, i) => {
    const [x, y] = [MARGIN + (i % 2) * (COLUMN + GAP), 43 + Math.floor(i / 2) * 20];
    return html`<rect class="${role}" x="${x}" y="${y}" width="11" height="11" rx="2"/><text x="${x + 18}" y="${y + 10}">${ROLES[role]}</text>`;
  })}`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const TEXT = `
svg { color: var(--ink); overflow: hidden; } svg.panel { overflow: visible; }
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); } .soft { fill: var(--soft); }
.title { font-weight: 600; font-size: 16px; } .name { font-weight: 600; } .paper { fill: var(--paper); stroke: var(--line); }
`;
