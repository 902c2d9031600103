import { allChecks } from "../../checks/index.ts";
import { familyOf } from "../../profile/families.ts";
import type { CheckResult, Status } from "../../runner-contract.ts";
import type { Column } from "./columns.ts";

/** A row of the matrix: one check, and what came of it in each column. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly cites: readonly string[];
  /** In the columns' order; undefined where it was not run. */
  readonly results: readonly (CheckResult | undefined)[];
}

/** The same outcome with the same words, and where. */
export interface Outcome {
  readonly status: Status;
  readonly reason: string;
  readonly columns: readonly Column[];
  readonly results: readonly CheckResult[];
}

/** In the suite's order; checks of other versions of it at the end. */
export function rowsOf(columns: readonly Column[]): Row[] {
  const byColumn = columns.map(({ cell }) => new Map(cell.results.map((result) => [result.id, result])));
  const titles = new Map<string, string>();
  for (const results of byColumn) for (const { id, title } of results.values()) titles.set(id, title);
  const known = new Map(allChecks.map((check, i) => [check.id, { i, cites: check.cites }]));
  return [...titles]
    .sort(([a], [b]) => (known.get(a)?.i ?? Infinity) - (known.get(b)?.i ?? Infinity) || a.localeCompare(b))
    .map(([id, title]) => ({
      id,
      title,
      family: familyOf(id),
      cites: known.get(id)?.cites ?? [],
      results: byColumn.map((results) => results.get(id)),
    }));
}

/** What a report puts first. */
const ORDER: readonly Status[] = ["fail", "deviates", "skip", "pass"];

export function outcomesOf(row: Row, columns: readonly Column[]): Outcome[] {
  const found = new Map<string, { status: Status; reason: string; columns: Column[]; results: CheckResult[] }>();
  row.results.forEach((result, i) => {
    const column = columns[i];
    if (!result || !column) return;
    const reason = withoutScratch(result.reason ?? "");
    const key = `${result.status} ${reason}`;
    const outcome = found.get(key) ?? { status: result.status, reason, columns: [], results: [] };
    outcome.columns.push(column);
    outcome.results.push(result);
    found.set(key, outcome);
  });
  return [...found.values()].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}

/** Scratch directories have names of their own in every run, and say nothing to a reader. */
export function withoutScratch(text: string): string {
  return text.replace(/(?:\/[\w.@+-]+)*\/copyup-(?:scratch|image)-[^\s'",;:)\]]*/g, "…");
}
