import { type Comparison, compareWithReference } from "../statistics/ranking.ts";
import { type Summary, summarize } from "../statistics/summary.ts";
import { type Contestant, FIGURES, type Figure, type GrowthPoint, type Role, type Workload } from "../workload.ts";
import { type Measured, measure, measureStartUp } from "./measure.ts";

export interface ContestantResult {
  readonly name: string;
  readonly role: Role;
  /** Null: it could not take part, `absent` says why. */
  readonly wallMs: Summary | null;
  readonly cpuMs: Summary | null;
  /** What else was measured of its runs. */
  readonly more: Readonly<Partial<Record<Exclude<Figure, "wallMs" | "cpuMs">, Summary>>>;
  /** CPU time of the program doing all but the work; null for what is no program. */
  readonly startUpMs: Summary | null;
  /** By the figure that the workload asks for. Null for those who could not take part. */
  readonly compared: Comparison | null;
  readonly absent: string | null;
  /** It took part, and then could not do the job or did it wrong; `absent` says how. */
  readonly failed?: true;
}

export interface WorkloadResult {
  readonly workload: string;
  readonly question: string;
  readonly fairness: string;
  readonly asks: Figure;
  readonly growth: GrowthPoint | null;
  readonly reference: string | null;
  /** How much the reference differed from itself in this series, as a part of its median of the figure asked for. */
  readonly noiseFloor: number;
  readonly contestants: readonly ContestantResult[];
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** A directory on the filesystem worked on, for bytes and inodes; without it they are not measured. */
  readonly room?: string;
  /** The machine's own noise, as a part: no series is taken for quieter. */
  readonly leastNoise?: number;
  readonly onRun?: (done: number, total: number) => void;
}

interface Series {
  readonly contestant: Contestant;
  readonly runs: Measured[];
  readonly startUps: number[];
}

/**
 * A B C A, B C A A, …: every contestant once a round, the reference twice, and each round begins with another one, so that a
 * slow moment of the machine hits all alike. One unmeasured round first, whose results are verified. Who fails is left out from
 * then on, with the reason; the others go on.
 */
export async function runWorkload(workload: Workload, options: RunOptions): Promise<WorkloadResult> {
  const { signal, room = null, leastNoise = 0 } = options;
  const present = workload.contestants.filter((contestant) => contestant.absent === undefined);
  const series = present.map((contestant): Series => ({ contestant, runs: [], startUps: [] }));
  const again: Series | null = present[0] ? { contestant: present[0], runs: [], startUps: [] } : null;
  const order = again ? [...series, again] : series;
  const total = order.length * (workload.runs + 1);
  const failed = new Map<Contestant, string>();
  let done = 0;
  for (let round = 0; round <= workload.runs; round++) {
    for (let turn = 0; turn < order.length; turn++) {
      signal.throwIfAborted();
      const entry = order[(turn + round) % order.length]!;
      const { contestant } = entry;
      options.onRun?.(++done, total);
      if (failed.has(contestant)) continue;
      try {
        const measured = await measure(contestant, room, round === 0);
        const startUp = await measureStartUp(contestant);
        if (round === 0) continue;
        entry.runs.push(measured);
        if (startUp !== null) entry.startUps.push(startUp);
      } catch (error) {
        signal.throwIfAborted();
        failed.set(contestant, `failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const lasted = series.filter(({ contestant }) => !failed.has(contestant));
  const twice = again && !failed.has(again.contestant) ? again : null;
  return conclude(workload, { series: lasted, again: twice, failed, leastNoise });
}

interface Ended {
  readonly series: readonly Series[];
  /** The reference's second series; null if it failed, and then the next contestant is the reference. */
  readonly again: Series | null;
  readonly failed: ReadonlyMap<Contestant, string>;
  readonly leastNoise: number;
}

function conclude(workload: Workload, { series, again, failed, leastNoise }: Ended) {
  const asks = workload.asks ?? "cpuMs";
  const asked = (entry: Series) => summaryOf(entry.runs, asks);
  const first = series[0];
  const reference = first ? summaryOf([...first.runs, ...(again?.runs ?? [])], asks) : null;
  const [once, twice] = [first && asked(first), again && asked(again)];
  const own = once && twice && once.median !== 0 ? Math.abs(twice.median / once.median - 1) : 0;
  const noiseFloor = Math.max(own, leastNoise);
  const contestants = workload.contestants.map((contestant): ContestantResult => {
    const { name, role } = contestant;
    const entry = series.find((one) => one.contestant === contestant);
    const none = { name, role, wallMs: null, cpuMs: null, more: {}, startUpMs: null, compared: null };
    const failure = failed.get(contestant);
    if (failure !== undefined) return { ...none, absent: failure, failed: true };
    if (!entry) return { ...none, absent: contestant.absent ?? null };
    // What ratios and goals divide by is what is told: the reference's runs, all of them.
    const runs = entry === first ? [...entry.runs, ...(again?.runs ?? [])] : entry.runs;
    const startUps = entry === first ? [...entry.startUps, ...(again?.startUps ?? [])] : entry.startUps;
    const answer = summaryOf(runs, asks);
    return {
      ...{ name, role, absent: null },
      wallMs: summaryOf(runs, "wallMs"),
      cpuMs: summaryOf(runs, "cpuMs"),
      more: Object.fromEntries(
        FIGURES.filter((figure) => figure !== "wallMs" && figure !== "cpuMs")
          .map((figure) => [figure, summaryOf(runs, figure)])
          .filter(([, summary]) => summary !== null),
      ),
      startUpMs: startUps.length === 0 ? null : summarize(startUps),
      compared:
        entry === first
          ? { ratio: 1, verdict: "reference" }
          : answer && reference
            ? compareWithReference(answer, reference, noiseFloor)
            : null,
    };
  });
  return {
    workload: workload.name,
    question: workload.question,
    fairness: workload.fairness,
    asks,
    growth: workload.growth ?? null,
    reference: first?.contestant.name ?? null,
    noiseFloor,
    contestants,
  } satisfies WorkloadResult;
}

/** Null unless every run has the figure. */
function summaryOf(runs: readonly Measured[], figure: Figure): Summary | null {
  const values = runs.map((run) => run[figure]).filter((value) => value !== undefined);
  return values.length === runs.length && values.length > 0 ? summarize(values) : null;
}
