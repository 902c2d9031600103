import type { Deviation, Finding } from "@copyup/core";
import type { UncheckedRow } from "../../unchecked.ts";
import { countStatuses } from "../count-statuses.ts";
import { type Column, describeColumns, distinct } from "./columns.ts";
import { html, type Markup } from "./markup.ts";
import type { SharedReasons } from "./reasons.ts";
import { withoutScratch } from "./rows.ts";
import { linked, STATUSES } from "./words.ts";

/** One line a column: what was run where, and what came of it. */
export function runsSection(columns: readonly Column[]): Markup {
  const rows = columns.map(({ cell, driver, filesystem, kernel }) => {
    const counts = countStatuses(cell.results);
    return html`<tr><td>${kernel}</td><td>${filesystem}</td><td>${driver}</td>${STATUSES.map((status) => html`<td class="number ${counts[status] > 0 ? status : "none"}">${counts[status]}</td>`)}<td class="number">${(cell.ms / 1000).toFixed(1)}</td><td class="number">${cell.seed}</td><td class="soft">${cell.date.slice(0, 16).replace("T", " ")}</td><td class="soft">${cell.interrupted ? html`<b class="fail">interrupted</b> after ${cell.results.length} checks, ` : null}${cell.scratch}${cell.heavy ? ", with the heavy checks" : ""}${cell.filesystemRows ? ", the checks that rest on the filesystem" : ""}${cell.only ? `, only ${cell.only.join(", ")}` : ""}</td></tr>`;
  });
  return html`<h2 id="runs">Runs</h2><div class="scroll"><table class="small runs"><thead><tr><th>Linux</th><th>filesystem</th><th>driver</th><th class="number">passed</th><th class="number">deviating as declared</th><th class="number">failed</th><th class="number">skipped</th><th class="number">seconds</th><th class="number">seed</th><th>begun (UTC)</th><th>in</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Each reason once. */
export function skipsSection(reasons: SharedReasons, columns: readonly Column[]): Markup | null {
  const all = reasons.reasons;
  if (all.length === 0) return null;
  const item = ({ reason, checks, columns: where }: (typeof all)[number]) =>
    html`<li id="${reasons.anchor(reason)}">${reason}<details class="small soft"><summary>${checks.length} ${checks.length === 1 ? "check" : "checks"}${columns.length > 1 ? html`, ${describeColumns(where, columns)}` : null}</summary>${checks.map((id) => html`<a href="#${id}">${id}</a> `)}</details></li>`;
  return html`<h2 id="skips">Why checks were skipped</h2><ul class="skips">${all.map(item)}</ul>`;
}

/** What each driver declares, and where its profile says so. */
export function declaredSection(columns: readonly Column[]): Markup {
  const run = new Set(columns.flatMap(({ cell }) => cell.results.map((result) => result.id)));
  const drivers = distinct(columns.map((column) => column.driver)).map((driver) => {
    const own = columns.filter((column) => column.driver === driver && column.cell.works);
    const declared = groups(own, ({ cell }) => cell.deviations, tellDeviation);
    const summary = columns.find((column) => column.driver === driver)?.cell.summary ?? "";
    const rows = declared.map(
      ({ item, where }) =>
        html`<tr><td>${run.has(item.check) ? html`<a href="#${item.check}">${item.check}</a>` : item.check}</td><td><code>${item.outcome}</code></td><td>${item.because}${item.source ? html` <span class="soft small">${linked(item.source)}</span>` : null}${where.length < own.length ? html` <span class="where">${describeColumns(where, own)}</span>` : null}</td></tr>`,
    );
    return html`<h3>${driver}</h3><p class="soft small">${summary}</p>${
      own.length === 0
        ? html`<p>It works nowhere here, so it promises nothing.</p>`
        : rows.length === 0
          ? html`<p>Nothing: it promises to do what a plain directory does.</p>`
          : html`<details class="declared"><summary>${rows.length} deviations from a plain directory, each proven by its check</summary><div class="scroll"><table class="small declared"><thead><tr><th>check</th><th>outcome</th><th>because</th></tr></thead><tbody>${rows}</tbody></table></div></details>`
    }`;
  });
  return html`<h2 id="declared">What the drivers declare</h2>${drivers}`;
}

function tellDeviation({ check, outcome, because }: Deviation): string {
  return `${check} ${outcome} ${because}`;
}

/** What the probes tried and saw, alike findings of several columns together. */
export function probesSection(columns: readonly Column[]): Markup {
  const drivers = distinct(columns.map((column) => column.driver)).map((driver) => {
    const own = columns.filter((column) => column.driver === driver);
    const found = groups(
      own,
      ({ cell }) => cell.findings.map((finding) => ({ ...finding, evidence: withoutScratch(finding.evidence) })),
      ({ feature, ok, evidence }) => `${feature} ${ok} ${evidence}`,
    );
    const works = own.filter((column) => column.cell.works);
    const verdict =
      works.length === own.length
        ? "works"
        : works.length === 0
          ? "does not work here"
          : `works: ${describeColumns(works, own)}`;
    const items = found.map(
      ({ item, where }) =>
        html`<li>${mark(item)} <strong>${item.feature}</strong>: ${item.evidence}${!item.ok && item.fix ? html` <em>${item.fix}</em>` : null}${where.length < own.length ? html` <span class="where">${describeColumns(where, own)}</span>` : null}</li>`,
    );
    return html`<details class="card"${works.length < own.length ? html` open` : null}><summary><b>${driver}</b>: <span class="${works.length > 0 ? "pass" : "fail"}">${verdict}</span></summary><ul>${items}</ul></details>`;
  });
  return html`<h2 id="probes">What the probes found</h2><div class="probes">${drivers}</div>`;
}

function mark({ ok, required }: Finding): Markup {
  return ok
    ? html`<span class="mark pass">✓</span>`
    : html`<span class="mark ${required ? "fail" : "skip"}">${required ? "✗" : "–"}</span>`;
}

/** Equal items of several columns as one, with the columns they come from; in the order in which they were found. */
function groups<T>(
  columns: readonly Column[],
  items: (column: Column) => readonly T[],
  key: (item: T) => string,
): { item: T; where: Column[] }[] {
  const found = new Map<string, { item: T; where: Column[] }>();
  for (const column of columns)
    for (const item of items(column)) {
      const group = found.get(key(item)) ?? { item, where: [] };
      group.where.push(column);
      found.set(key(item), group);
    }
  return [...found.values()];
}

/** Rows of the catalogue that no check of these runs proves, each once. */
export function uncheckedOf(columns: readonly Column[]): UncheckedRow[] {
  return [...new Map(columns.flatMap(({ cell }) => cell.unchecked.map((row) => [row.id, row] as const))).values()];
}

export function uncheckedSection(columns: readonly Column[]): Markup | null {
  const rows = uncheckedOf(columns);
  if (rows.length === 0) return null;
  const items = rows.map(
    ({ id, title, why }) => html`<tr><td><code>${id}</code></td><td>${title}</td><td>${linked(why)}</td></tr>`,
  );
  return html`<h2 id="unchecked">Not proven by any check</h2><p class="soft">Nobody should take silence for a promise: these rows of the catalogue have no check, and why.</p>
<div class="scroll"><table class="small unchecked"><thead><tr><th>row</th><th>what</th><th>why no check</th></tr></thead><tbody>${items}</tbody></table></div>`;
}
