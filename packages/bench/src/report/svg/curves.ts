import { html, type Markup } from "@copyup/conformance/report";
import { amount, FIGURE_NAMES, roundAmount } from "../amount.ts";
import type { Curve, Growth } from "../growth.ts";
import { type Scale, scaleOf } from "./scale.ts";

const HEIGHT = 300;
const [TOP, BOTTOM] = [16, HEIGHT - 40];
/** Parts of the width: the values of the upright axis stand in the first, over their lines. */
const [LEFT, RIGHT] = [0.17, 0.98];

/** A line for each contestant over the points of a growth curve, a whisker at each point, the limit dashed. */
export function curves(growth: Growth): Markup {
  const { asks, along, results } = growth;
  const points = growth.curves.flatMap((curve) => curve.points);
  const across = scaleOf(points.map(({ at }) => at));
  const up = scaleOf(points.map(({ figure }) => figure.median));
  const x = (at: number) => LEFT + exactly(across, at, results.length) * (RIGHT - LEFT);
  const y = (value: number) => BOTTOM - Math.min(Math.max(up.at(value), 0), 1) * (BOTTOM - TOP);
  const lines = up.ticks.map(
    (tick) =>
      html`<line class="grid" x1="0" x2="100%" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text class="soft" x="0" y="${px(y(tick) - 3)}">${roundAmount(asks, tick)}</text>`,
  );
  const places = [...new Set(points.map(({ at }) => at))].sort((a, b) => a - b);
  const names = places.map(
    (at) =>
      html`<text class="soft" x="${pc(x(at))}" y="${BOTTOM + 18}" text-anchor="middle">${short(at, along)}</text>`,
  );
  const drawn = growth.curves.map((curve, i) => line(curve, i, x, y));
  const axes =
    across.log && up.log ? "both axes logarithmic" : up.log ? "upright axis logarithmic" : "linear upright axis";
  return html`<p class="legend small">${growth.curves.map(sample)}</p>
<svg class="chart" width="100%" height="${HEIGHT}" style="height:${HEIGHT}px" role="img" aria-label="${FIGURE_NAMES[asks]} by ${along}: ${growth.curves.map(said(growth)).join("; ")}">${lines}${names}<text class="soft" x="${pc(RIGHT)}" y="${BOTTOM + 35}" text-anchor="end">${along} (${axes})</text>${drawn}</svg>`;
}

/** A curve of one point has its point in the middle. */
const exactly = (scale: Scale, at: number, places: number) => (places === 1 ? 0.5 : scale.at(at));

function line({ points, role }: Curve, index: number, x: (at: number) => number, y: (value: number) => number): Markup {
  const between = points.slice(1).map((point, i) => {
    const from = points[i] ?? point;
    return html`<line x1="${pc(x(from.at))}" y1="${px(y(from.figure.median))}" x2="${pc(x(point.at))}" y2="${px(y(point.figure.median))}"/>`;
  });
  const marks = points.map(({ at, figure: { median, spread } }) => {
    const half = Math.abs(median) * spread;
    return html`<line class="spread" x1="${pc(x(at))}" x2="${pc(x(at))}" y1="${px(y(median - half))}" y2="${px(y(median + half))}"/>${mark(index, role, pc(x(at)), y(median))}`;
  });
  return html`<g class="${lineClass(index, role)}">${between}${marks}</g>`;
}

/** The limit has a class of its own; the others are numbered. */
const lineClass = (index: number, role: Curve["role"]) =>
  role === "limit" ? "line line-limit" : `line line-${index % 10}`;

/** Round, square, hollow round, hollow square: what colours alone do not tell everybody. */
function mark(index: number, role: Curve["role"], x: string, y: number): Markup {
  const kind = role === "limit" ? 0 : index % 4;
  const hollow = kind >= 2 ? " hollow" : "";
  return kind % 2 === 0
    ? html`<circle class="point${hollow}" cx="${x}" cy="${px(y)}" r="4"/>`
    : html`<rect class="point${hollow}" x="${x}" y="${px(y - 4)}" width="8" height="8" transform="translate(-4 0)"/>`;
}

function sample({ name, role }: Curve, index: number): Markup {
  return html`<span class="sample"><svg width="34" height="12" style="width:34px;height:12px" aria-hidden="true"><g class="${lineClass(index, role)}"><line x1="0" x2="34" y1="6" y2="6"/>${mark(index, role, "17", 6)}</g></svg>${name}</span>`;
}

const said =
  ({ asks }: Growth) =>
  ({ name, points }: Curve) =>
    `${name} ${points.map(({ at, figure }) => `${at}: ${amount(asks, figure.median)}`).join(", ")}`;

/** `4k`, `1M`; bytes in the powers of two that people say. */
export function short(at: number, along: Growth["along"]): string {
  const base = along === "bytes" ? 1024 : 1000;
  const power = Math.min(Math.floor(Math.log(Math.max(at, 1)) / Math.log(base) + 1e-9), 4);
  const scaled = at / base ** power;
  const text = Number.isInteger(scaled) ? String(scaled) : scaled.toFixed(1);
  return along === "bytes"
    ? `${text} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`
    : `${text}${["", "k", "M", "G", "T"][power]}`;
}

const pc = (part: number) => `${(part * 100).toFixed(2)}%`;
const px = (value: number) => value.toFixed(1);
