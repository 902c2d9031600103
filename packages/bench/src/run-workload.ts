import { processTreeCpuMs } from "@copyup/linux";
import { type Comparison, compareWithReference } from "./statistics/ranking.ts";
import { type Summary, summarize } from "./statistics/summary.ts";
import type { Contestant, Workload } from "./workload.ts";

export interface ContestantResult {
  readonly name: string;
  /** Null: it could not take part, `absent` says why. */
  readonly wallMs: Summary | null;
  readonly cpuMs: Summary | null;
  /** By CPU time, the steadier figure on a shared machine. Null for those who could not take part. */
  readonly compared: Comparison | null;
  readonly absent: string | null;
}

export interface WorkloadResult {
  readonly workload: string;
  readonly question: string;
  readonly fairness: string;
  readonly reference: string | null;
  /** How much the reference differed from itself in this series, as a part of its median CPU time. */
  readonly noiseFloor: number;
  readonly contestants: readonly ContestantResult[];
}

interface Series {
  readonly contestant: Contestant;
  readonly wall: number[];
  readonly cpu: number[];
}

/**
 * A B C A, B C A A, …: every contestant once a round, the reference twice, and each round begins with another one, so that a
 * slow moment of the machine hits all alike. One unmeasured round first.
 */
export async function runWorkload(
  workload: Workload,
  signal: AbortSignal,
  onRun?: (done: number, total: number) => void,
): Promise<WorkloadResult> {
  const present = workload.contestants.filter((contestant) => contestant.absent === undefined);
  const reference = present[0];
  const again: Series | null = reference ? { contestant: reference, wall: [], cpu: [] } : null;
  const series: Series[] = present.map((contestant) => ({ contestant, wall: [], cpu: [] }));
  const order = again ? [...series, again] : series;
  const total = order.length * (workload.runs + 1);
  let done = 0;
  for (let round = 0; round <= workload.runs; round++) {
    for (let turn = 0; turn < order.length; turn++) {
      signal.throwIfAborted();
      const entry = order[(turn + round) % order.length]!;
      const measured = await measure(entry.contestant);
      if (round > 0) {
        entry.wall.push(measured.wallMs);
        entry.cpu.push(measured.cpuMs);
      }
      onRun?.(++done, total);
    }
  }
  return conclude(workload, series, again);
}

async function measure(contestant: Contestant): Promise<{ wallMs: number; cpuMs: number }> {
  await contestant.before?.();
  const cpu = processTreeCpuMs();
  const wall = performance.now();
  await contestant.run();
  const wallMs = performance.now() - wall;
  const cpuMs = processTreeCpuMs() - cpu;
  await contestant.after?.();
  return { wallMs, cpuMs };
}

function conclude(workload: Workload, series: readonly Series[], again: Series | null): WorkloadResult {
  const first = series[0];
  const referenceCpu = first && again ? summarize([...first.cpu, ...again.cpu]) : null;
  const noiseFloor = first && again ? Math.abs(summarize(again.cpu).median / summarize(first.cpu).median - 1) : 0;
  const contestants = workload.contestants.map((contestant): ContestantResult => {
    const own = series.find((entry) => entry.contestant === contestant);
    if (!own || !referenceCpu)
      return { name: contestant.name, wallMs: null, cpuMs: null, compared: null, absent: contestant.absent ?? null };
    const cpuMs = summarize(own.cpu);
    const compared =
      own === first
        ? ({ ratio: 1, verdict: "reference" } as const)
        : compareWithReference(cpuMs, referenceCpu, noiseFloor);
    return { name: contestant.name, wallMs: summarize(own.wall), cpuMs, compared, absent: null };
  });
  return {
    workload: workload.name,
    question: workload.question,
    fairness: workload.fairness,
    reference: first?.contestant.name ?? null,
    noiseFloor,
    contestants,
  };
}
