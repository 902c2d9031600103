import { familyName } from "../../profile/families.ts";
import { type Column, describeColumns, distinct } from "./columns.ts";
import { html, Markup } from "./markup.ts";
import type { SharedReasons } from "./reasons.ts";
import { type Outcome, outcomesOf, type Row } from "./rows.ts";
import { linked, SHORT, SIGNS, STATUSES, WORDS } from "./words.ts";

/** Up to here a cell has room for a word beside its sign. */
const FEW = 4;

export interface MatrixParts {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly reasons: SharedReasons;
  /** Where the evidence of a failure stands on the page, or null. */
  readonly evidenceAnchor: (outcome: Outcome, row: Row) => string | null;
}

/** Checks down, kernels × filesystems × drivers across; a check unfolds into its outcomes, where, and what it cites. */
export function matrix(parts: MatrixParts): Markup {
  const { rows, columns } = parts;
  const families = distinct(rows.map((row) => row.family));
  const bodies = families.map((family) => {
    const own = rows.filter((row) => row.family === family);
    const head = html`<tbody class="family" data-f="${family}"><tr><th colspan="${columns.length + 1}" scope="rowgroup"><span>${familyName(family)} <small>${family}, ${own.length} checks</small></span></th></tr></tbody>`;
    return [head, ...own.map((row) => checkRow(row, parts))];
  });
  const width = columns.length <= FEW ? "few" : "many";
  // Lines where a kernel begins, without a class on thousands of cells.
  const begins = spans(columns, (column) => column.kernel).slice(1);
  const lines = begins.map(({ from }) => `#matrix .check>tr:first-child>:nth-child(${from + 2})`).join(",");
  return html`<p class="legend small">${STATUSES.map((status) => html`<span><i class="sign ${status}">${SIGNS[status]}</i> ${WORDS[status]}</span>`)}</p>
${lines === "" ? null : html`<style>${new Markup(`${lines}{border-left:2px solid var(--line)}`)}</style>`}<div class="matrix ${width}"><table id="matrix">${heading(columns)}${bodies}</table></div>`;
}

function heading(columns: readonly Column[]): Markup {
  const kernels = spans(columns, (column) => column.kernel);
  const filesystems = spans(columns, (column) => `${column.kernel} ${column.filesystem}`);
  const span = ({ from, to }: Span, text: string, level: string) =>
    html`<th class="${level}" colspan="${to - from}" scope="colgroup" data-from="${from}" data-to="${to}"><span>${text}</span></th>`;
  return html`<thead><tr><th rowspan="3" class="corner">check</th>${kernels.map((one) => span(one, `Linux ${one.first.kernel}`, "kernel"))}</tr>
<tr>${filesystems.map((one) => span(one, one.first.filesystem, "filesystem"))}</tr>
<tr>${columns.map(({ driver, filesystem, kernel }, i) => html`<th class="driver" scope="col" data-c="${i}" data-driver="${driver}" data-filesystem="${filesystem}" data-kernel="${kernel}"><span>${driver}</span></th>`)}</tr></thead>`;
}

interface Span {
  readonly first: Column;
  readonly from: number;
  readonly to: number;
}

/** Neighbours with the same name. */
function spans(columns: readonly Column[], name: (column: Column) => string): Span[] {
  const found: Span[] = [];
  columns.forEach((column, i) => {
    const last = found.at(-1);
    if (last && name(last.first) === name(column)) found[found.length - 1] = { ...last, to: i + 1 };
    else found.push({ first: column, from: i, to: i + 1 });
  });
  return found;
}

function checkRow(row: Row, parts: MatrixParts): Markup {
  const { columns } = parts;
  const few = columns.length <= FEW;
  // Thousands of cells: no quotes, no end tags (both may be left out).
  const cells = row.results.map((result) => {
    if (!result) return "<td>";
    const word = few ? `<span> ${SHORT[result.status]}</span>` : "";
    return `<td class=${result.status}>${SIGNS[result.status]}${word}`;
  });
  return html`<tbody class="check" data-f="${row.family}" id="${row.id}"><tr><th scope="row"><details><summary><code>${row.id}</code> ${row.title}</summary></details></th>${new Markup(cells.join(""))}</tr>
<tr class="more"><td colspan="${columns.length + 1}"><div>${outcomesOf(row, columns).map((outcome) => tellOutcome(outcome, row, parts))}${cites(row)}</div></td></tr></tbody>`;
}

function tellOutcome(outcome: Outcome, row: Row, { columns, reasons, evidenceAnchor }: MatrixParts): Markup {
  const { status } = outcome;
  const anchor = status === "fail" ? evidenceAnchor(outcome, row) : null;
  // A random program's reason holds the program: it stands with the failure.
  const told = anchor === null ? outcome.reason : (outcome.reason.split("\n")[0] ?? "");
  const reason = status === "skip" ? reasons.tell(outcome.reason) : html`${told}`;
  const where =
    columns.length > 1 ? html` <span class="where">${describeColumns(outcome.columns, columns)}</span>` : null;
  return html`<p><b class="${status}">${WORDS[status]}</b>${where} ${reason}${anchor ? html` <a href="#${anchor}">steps and evidence</a>` : null}</p>`;
}

function cites(row: Row): Markup | null {
  return row.cites.length === 0 ? null : html`<p class="soft">Cites ${linked(row.cites.join("; "))}</p>`;
}
