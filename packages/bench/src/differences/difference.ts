import { isTime } from "../report/amount.ts";
import { figureOf } from "../run/figure-of.ts";
import type { ContestantResult, WorkloadResult } from "../run/run-workload.ts";
import type { Summary } from "../statistics/summary.ts";
import type { Figure, Role } from "../workload.ts";

/** One contestant of one workload in two results, by the figure that the workload asks for. */
export interface Difference {
  readonly workload: string;
  readonly contestant: string;
  readonly role: Role;
  readonly figure: Figure;
  /** Medians. */
  readonly before: number;
  readonly after: number;
  /** The contestant by which each was divided in its own run, since machines differ; null: the figures as they are. */
  readonly against: string | null;
  /** After over before; null where nothing became something. */
  readonly ratio: number | null;
  /** How much `ratio` may be off by noise alone, as a part. */
  readonly noise: number;
  readonly verdict: "worse" | "better" | "within noise";
}

/** Below it sizes are a matter of blocks and of what else the filesystem did. */
const GRAIN = { bytes: 65_536, inodes: 4 };

/** Of the contestants that took part in both. */
export function differencesOf(before: WorkloadResult, after: WorkloadResult): Difference[] {
  return before.contestants.flatMap((was) => {
    const is = after.contestants.find(({ name, role }) => name === was.name && role === was.role);
    const difference = is && differenceOf(before, after, was, is);
    return difference ? [difference] : [];
  });
}

function differenceOf(before: WorkloadResult, after: WorkloadResult, was: ContestantResult, is: ContestantResult) {
  const figure = before.asks;
  const [own, now] = [figureOf(was, figure), figureOf(is, figure)];
  if (!own || !now) return null;
  const yardstick = isTime(figure) ? yardstickOf(before, after, was.name) : null;
  const ratio =
    quotient(now.median, own.median) / (yardstick ? quotient(yardstick.after.median, yardstick.before.median) : 1);
  const errors = [own, now, ...(yardstick ? [yardstick.before, yardstick.after] : [])].map(({ spread }) => spread);
  // Independent errors add by their squares.
  const noise = Math.hypot(before.noiseFloor, after.noiseFloor, ...errors);
  return {
    ...{ workload: before.workload, contestant: was.name, role: was.role, figure },
    ...{ before: own.median, after: now.median, against: yardstick?.name ?? null },
    ratio: Number.isFinite(ratio) ? ratio : null,
    noise,
    verdict: isFine(figure, own, now) || !apart(own, now, yardstick) ? "within noise" : verdictOf(ratio, noise),
  } satisfies Difference;
}

function verdictOf(ratio: number, noise: number): Difference["verdict"] {
  // Twice as slow is as far as twice as fast.
  const far = ratio >= 1 ? ratio - 1 : 1 / Math.max(ratio, Number.MIN_VALUE) - 1;
  return far <= noise ? "within noise" : ratio > 1 ? "worse" : "better";
}

/** No run of the one that took more was as good as the median of the other; medians of few runs differ by chance. */
function apart(before: Summary, after: Summary, yardstick: { before: Summary; after: Summary } | null): boolean {
  const [was, is] = [yardstick?.before.median ?? 1, yardstick?.after.median ?? 1];
  return before.median / was < after.median / is
    ? after.min / is > before.median / was
    : before.min / was > after.median / is;
}

const isFine = (figure: Figure, { median: a }: Summary, { median: b }: Summary) =>
  !isTime(figure) && Math.abs(a - b) < (figure === "inodes" ? GRAIN.inodes : GRAIN.bytes);

/** The machine's limit if both runs have one, else the reference if it is the same; not for itself. */
function yardstickOf(before: WorkloadResult, after: WorkloadResult, contestant: string) {
  const limits = before.contestants.filter(({ role }) => role === "limit").map(({ name }) => name);
  const same = before.reference !== null && before.reference === after.reference ? [before.reference] : [];
  for (const name of [...limits, ...same]) {
    const [was, is] = [summaryOf(before, name), summaryOf(after, name)];
    if (was && is && was.median > 0 && is.median > 0)
      return name === contestant ? null : { name, before: was, after: is };
  }
  return null;
}

function summaryOf({ contestants, asks }: WorkloadResult, name: string): Summary | null {
  const contestant = contestants.find((one) => one.name === name);
  return contestant ? figureOf(contestant, asks) : null;
}

/** Nothing is as much as nothing. */
const quotient = (a: number, b: number) => (a === b ? 1 : a / b);
