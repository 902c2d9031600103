import type { Column } from "./columns.ts";
import { html, type Markup } from "./markup.ts";
import { outcomesOf, type Row } from "./rows.ts";

/** Fewer are told where they stand. */
const SHARED_BY = 4;
const LONG = 60;

/** Reasons that many skipped checks share are told once, with a name to point to. */
export class SharedReasons {
  readonly #checks = new Map<string, Set<string>>();
  readonly #columns = new Map<string, Set<Column>>();
  readonly #all: readonly Column[];

  constructor(rows: readonly Row[], columns: readonly Column[]) {
    this.#all = columns;
    for (const row of rows)
      for (const outcome of outcomesOf(row, columns)) {
        if (outcome.status !== "skip") continue;
        const checks = this.#checks.get(outcome.reason) ?? new Set();
        const where = this.#columns.get(outcome.reason) ?? new Set();
        for (const column of outcome.columns) where.add(column);
        this.#checks.set(outcome.reason, checks.add(row.id));
        this.#columns.set(outcome.reason, where);
      }
  }

  get reasons(): { reason: string; checks: readonly string[]; columns: readonly Column[] }[] {
    return [...this.#checks]
      .map(([reason, checks]) => ({
        reason,
        checks: [...checks],
        columns: this.#all.filter((column) => this.#columns.get(reason)?.has(column)),
      }))
      .sort((a, b) => b.checks.length * b.columns.length - a.checks.length * a.columns.length);
  }

  anchor(reason: string): string {
    return `why-${[...this.#checks.keys()].indexOf(reason) + 1}`;
  }

  /** The reason, or its beginning with a link to where it stands. */
  tell(reason: string): Markup {
    if (reason.length <= LONG || (this.#checks.get(reason)?.size ?? 0) < SHARED_BY) return html`${reason}`;
    return html`<a href="#${this.anchor(reason)}">${reason.slice(0, LONG).trimEnd()}…</a>`;
  }
}
