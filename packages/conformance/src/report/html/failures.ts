import type { Evidence } from "../../runner-contract.ts";
import { type Column, describeColumns, distinct } from "./columns.ts";
import { html, type Markup } from "./markup.ts";
import { type Outcome, outcomesOf, type Row } from "./rows.ts";
import { WORDS } from "./words.ts";

/** A page must still open on a phone when a driver fails everything. */
const MOST_CHARACTERS = 1_200_000;
const MOST_OF_ONE = 24_000;
/** Of one driver before the rest is folded: who fails everything fails for one reason. */
const SHOWN = 8;

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
  const evidence = (one: readonly Evidence[] | undefined): Markup => {
    const told = (one ?? []).map(({ title, text }) => ({ title, text: shortened(text) }));
    const size = told.reduce((sum, { text }) => sum + text.length, 0);
    if (size > room)
      return html`<p class="soft">Left out, so that this page stays small: it stands in the run's JSON lines.</p>`;
    room -= size;
    return html`${told.map(({ title, text }) => html`<h4>${title}</h4><pre tabindex="0">${text}</pre>`)}`;
  };
  const drivers = distinct(failures.map((failure) => failure.driver)).map((driver) => {
    const own = columns.filter((column) => column.driver === driver);
    const cards = failures
      .filter((failure) => failure.driver === driver)
      .map((failure) => card(failure, own, evidence));
    const rest = cards.slice(SHOWN);
    return html`<h3>${driver}</h3>${cards.slice(0, SHOWN)}${rest.length > 0 ? html`<details class="rest"><summary>${rest.length} more failures of ${driver}</summary>${rest}</details>` : null}`;
  });
  return html`<section id="failures"><h2>Failures</h2>${drivers}</section>`;
}

function card(
  { anchor, row, outcome }: Failure,
  own: readonly Column[],
  evidence: (one: readonly Evidence[] | undefined) => Markup,
): Markup {
  const { columns, results, reason } = outcome;
  const where = columns.length < own.length ? html` <span class="where">${describeColumns(columns, own)}</span>` : null;
  return html`<details class="failure" id="${anchor}"><summary><b class="fail">${WORDS.fail}</b> <code>${row.id}</code> ${row.title}${where}<span class="reason">${reason}</span></summary>
<p class="reason">${reason}</p>${evidence(results.find((result) => result.evidence)?.evidence)}${
    results.length > 1
      ? html`<p class="soft small">Seen in ${results.length} columns; the evidence is the first one's.</p>`
      : null
  }</details>`;
}

/** What is long in it is lines of 500 lowers, or thousands of steps. */
function shortened(text: string): string {
  return text.length <= MOST_OF_ONE
    ? text
    : `${text.slice(0, MOST_OF_ONE)}\n… ${text.length - MOST_OF_ONE} characters more stand in the run's JSON lines`;
}
