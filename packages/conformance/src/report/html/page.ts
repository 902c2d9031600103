import type { CellRecord, Status } from "../../runner-contract.ts";
import { kernelName } from "../cell-name.ts";
import { countStatuses } from "../count-statuses.ts";
import { type KernelDifferences, kernelDifferences } from "../kernel-differences.ts";
import { checksSection } from "./checks-section.ts";
import { distinct } from "./columns.ts";
import { FILTER_SCRIPT } from "./filters.ts";
import { declaredSection, probesSection, runsSection, uncheckedOf, uncheckedSection } from "./host-sections.ts";
import { glanceSection } from "./kernels-section.ts";
import { html, Markup } from "./markup.ts";
import { MATRIX_STYLE } from "./matrix-style.ts";
import { STYLE } from "./style.ts";
import { WORDS } from "./words.ts";

/** One self-contained page: opens from disk, offline, without JavaScript too, and reads well on a phone and on paper. */
export function htmlPage(cells: readonly CellRecord[]): string {
  const checks = checksSection(cells);
  const { columns } = checks;
  const drivers = distinct(columns.map((column) => column.driver));
  const title = `${drivers.join(", ")}: conformance`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new Markup(STYLE + MATRIX_STYLE)}</style></head><body class="conformance">
<header><h1>Storage drivers: what they promise, and whether it holds</h1><p class="soft">${about(columns.map(({ cell }) => cell))}</p></header>
<main>${tiles(cells, uncheckedOf(columns).length, kernelDifferences(cells))}${glanceSection(columns)}${checks.failures}${checks.kernels}
<h2 id="checks">Every check</h2><p class="soft small">Every edit is made on the mounted layer and on a plain directory, and the two trees are compared. Unfold a check for its reasons and sources.</p>
${checks.matrix}
${runsSection(columns)}${checks.skips}${declaredSection(columns)}${probesSection(columns)}${uncheckedSection(columns)}</main>
<footer>Written by <code>copyup conform</code>. A deviation is a behaviour that differs from a plain directory's and that the driver declares; the suite fails a driver for a deviation it does not declare, and for one it declares and does not have.</footer>
<script>${new Markup(FILTER_SCRIPT)}</script></body></html>`;
  return `${page.text}\n`;
}

function about(cells: readonly CellRecord[]): string {
  const kernels = distinct(cells.map((cell) => kernelName(cell.host)));
  const filesystems = distinct(cells.map((cell) => cell.filesystem));
  const versions = distinct(cells.map((cell) => `copyup ${cell.version}${cell.commit ? ` (${cell.commit})` : ""}`));
  const dates = cells.map((cell) => cell.date.slice(0, 10)).sort();
  const from = dates[0] ?? "";
  const to = dates.at(-1) ?? "";
  return `Linux ${kernels.join(", ")}; ${filesystems.join(", ")}; ${versions.join(", ")}; ${from === to ? from : `${from} to ${to}`}`;
}

function tiles(cells: readonly CellRecord[], unchecked: number, { kernels, checks }: KernelDifferences): Markup {
  const counts = countStatuses(cells.flatMap((cell) => cell.results));
  const tile = (status: Status, target: string) =>
    html`<a class="tile ${counts[status] > 0 ? status : "none"}" href="${target}" data-only="${status}"><b>${counts[status]}</b> ${WORDS[status]}</a>`;
  return html`<nav class="tiles" aria-label="Summary">${tile("pass", "#checks")}${tile("deviates", "#checks")}${tile("fail", counts.fail > 0 ? "#failures" : "#checks")}${tile("skip", counts.skip > 0 ? "#skips" : "#checks")}${kernels.length > 1 ? html`<a class="tile none" href="#kernels"><b>${checks.length}</b> differ between ${kernels.length} kernels</a>` : null}${unchecked > 0 ? html`<a class="tile none" href="#unchecked"><b>${unchecked}</b> rows without a check</a>` : null}</nav>`;
}
