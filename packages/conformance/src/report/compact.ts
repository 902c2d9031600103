import type { Deviation, Finding } from "@copyup/core";
import type { CellRecord, CheckResult, Status } from "../runner-contract.ts";
import type { UncheckedRow } from "../unchecked.ts";
import { withoutScratch } from "./html/rows.ts";

const TYPE = "copyup-matrix";
/** Changes when an older reader would misread what is written. */
const FORMAT = 1;
/** A random program's reason holds the program. */
const LONGEST = 2000;

type Head = Omit<CellRecord, "results" | "findings" | "deviations" | "unchecked">;

/** Many cells in one small file that is kept beside the code: every text stands in it once. Without evidence. */
interface Compact {
  readonly type: typeof TYPE;
  readonly format: typeof FORMAT;
  readonly titles: Readonly<Record<string, string>>;
  readonly reasons: readonly string[];
  readonly findings: readonly Finding[];
  readonly deviations: readonly Deviation[];
  readonly unchecked: readonly UncheckedRow[];
  readonly cells: readonly CompactCell[];
}

interface CompactCell {
  readonly head: Head;
  /** Numbers in the lists above. */
  readonly findings: readonly number[];
  readonly deviations: readonly number[];
  readonly unchecked: readonly number[];
  readonly results: readonly CompactResult[];
}

/** `["CU07", "deviates", 12.3, 4]`: milliseconds, and the reason's number unless it passed. */
type CompactResult = readonly [id: string, status: Status, ms: number, reason?: number];

/** JSON with a cell a line, so that a repository's differences of it can be read. */
export function compact(cells: readonly CellRecord[]): string {
  const titles = new Map<string, string>();
  const reasons = new Pool<string>();
  const findings = new Pool<Finding>();
  const deviations = new Pool<Deviation>();
  const unchecked = new Pool<UncheckedRow>();
  const lines = cells.map((cell) => {
    const { results, findings: found, deviations: declared, unchecked: rows, ...head } = cell;
    const told = results.map(({ id, title, status, ms, reason }): CompactResult => {
      titles.set(id, title);
      const short = withoutScratch(reason ?? "").slice(0, LONGEST);
      return reason === undefined ? [id, status, ms] : [id, status, ms, reasons.add(short)];
    });
    const small: CompactCell = {
      head,
      findings: found.map((one) => findings.add({ ...one, evidence: withoutScratch(one.evidence) })),
      deviations: declared.map((one) => deviations.add(one)),
      unchecked: rows.map((row) => unchecked.add(row)),
      results: told,
    };
    return JSON.stringify(small);
  });
  const pools = { titles: Object.fromEntries([...titles].sort()), reasons, findings, deviations, unchecked };
  const shared = Object.entries(pools).map(
    ([name, pool]) => `"${name}":${JSON.stringify(pool instanceof Pool ? pool.items : pool)}`,
  );
  return `{"type":"${TYPE}","format":${FORMAT},\n${shared.join(",\n")},\n"cells":[\n${lines.join(",\n")}\n]}\n`;
}

/** Null for what is no such file. */
export function parseCompact(text: string): CellRecord[] | null {
  const all = parseJson(text) as Compact | null;
  if (all?.type !== TYPE || all.format !== FORMAT) return null;
  const take = <T>(pool: readonly T[], numbers: readonly number[]) => numbers.flatMap((at) => pool[at] ?? []);
  return all.cells.map(({ head, findings, deviations, unchecked, results }) => {
    const place = { driver: head.driver, filesystem: head.filesystem, kernel: head.host.kernelRelease };
    return {
      ...head,
      findings: take(all.findings, findings),
      deviations: take(all.deviations, deviations),
      unchecked: take(all.unchecked, unchecked),
      results: results.map(([id, status, ms, reason]): CheckResult => {
        const told = reason === undefined ? {} : { reason: all.reasons[reason] ?? "" };
        return { ...place, id, title: all.titles[id] ?? "", status, ...told, ms };
      }),
    };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Equal items once. */
class Pool<T> {
  readonly items: T[] = [];
  readonly #known = new Map<string, number>();

  add(item: T): number {
    const key = JSON.stringify(item);
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    this.#known.set(key, this.items.length);
    this.items.push(item);
    return this.items.length - 1;
  }
}
