import type { Evidence } from "../../runner-contract.ts";
import { type Column, describeColumns } from "./columns.ts";
import { html, type Markup } from "./markup.ts";
import { type Outcome, outcomesOf, type Row } from "./rows.ts";
import { WORDS } from "./words.ts";

/** A page must still open on a phone when a driver fails everything. */
const MOST_CHARACTERS = 1_200_000;
const MOST_OF_ONE = 24_000;

export interface Failure {
  readonly anchor: string;
  readonly row: Row;
  readonly driver: string;
  readonly outcome: Outcome;
}

/** The same failure of the same driver on several hosts is one. */
export function failuresOf(rows: readonly Row[], columns: readonly Column[]): Failure[] {
  const found: Failure[] = [];
  for (const row of rows)
    for (const outcome of outcomesOf(row, columns)) {
      if (outcome.status !== "fail") continue;
      for (const driver of new Set(outcome.columns.map((column) => column.driver))) {
        const own = outcome.columns.map((column) => column.driver === driver);
        const part = {
          ...outcome,
          columns: outcome.columns.filter((_, i) => own[i]),
          results: outcome.results.filter((_, i) => own[i]),
        };
        found.push({ anchor: `failure-${found.length + 1}`, row, driver, outcome: part });
      }
    }
  return found;
}

export function failuresSection(failures: readonly Failure[], columns: readonly Column[]): Markup | null {
  if (failures.length === 0) return null;
  let room = MOST_CHARACTERS;
  const evidence = (one: readonly Evidence[] | undefined): Markup | Markup[] => {
    const told = (one ?? []).map(({ title, text }) => ({ title, text: shortened(text) }));
    const size = told.reduce((sum, { text }) => sum + text.length, 0);
    if (size > room)
      return html`<p class="soft">Left out, so that this page stays small: it stands in the run's JSON lines.</p>`;
    room -= size;
    return told.map(({ title, text }) => html`<h4>${title}</h4><pre>${text}</pre>`);
  };
  return html`<section id="failures"><h2>Failures</h2>${failures.map(
    ({
      anchor,
      row,
      driver,
      outcome,
    }) => html`<details class="failure" id="${anchor}"><summary><b class="fail">${WORDS.fail}</b> ${driver} <code>${row.id}</code> ${row.title}${columns.length > 1 ? html` <span class="where">${describeColumns(outcome.columns, columns)}</span>` : null}<span class="reason">${outcome.reason}</span></summary>
<p class="reason">${outcome.reason}</p>${evidence(outcome.results.find((result) => result.evidence)?.evidence)}
${outcome.results.length > 1 ? html`<p class="soft small">Seen on ${outcome.columns.length} columns; the evidence is of the first.</p>` : null}</details>`,
  )}</section>`;
}

/** What is long in it is lines of 500 lowers, or thousands of steps. */
function shortened(text: string): string {
  return text.length <= MOST_OF_ONE
    ? text
    : `${text.slice(0, MOST_OF_ONE)}\n… ${text.length - MOST_OF_ONE} characters more stand in the run's JSON lines`;
}
