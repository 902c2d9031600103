import { figureOf } from "../run/figure-of.ts";
import type { ContestantResult, WorkloadResult } from "../run/run-workload.ts";
import type { Figure } from "../workload.ts";
import { steadyCpuMs } from "./steady.ts";

/** What a contestant has to reach in one run with what it is held against. */
export interface Goal {
  readonly workload: string;
  readonly contestant: string;
  /**
   * A contestant's name; several: whichever of them has the least; `best peer`: whichever other program has; null: `atMost` is no
   * ratio but the figure itself.
   */
  readonly against: string | readonly string[] | null;
  readonly atMost: number;
  /**
   * CPU time unless another figure is named. Where the contestant is one of ours, that of peers is without their start: ours are
   * in a process that runs already (steadyCpuMs). A command is held against whole programs.
   */
  readonly figure?: Figure;
  /** Instead of the figure itself, where nothing is held against it: what it grew since this point of the curve, for each entry. */
  readonly eachSince?: string;
}

/** Reached, missed, or neither can be told because a contestant was absent. */
export interface Judged extends Goal {
  /** A ratio, or the figure itself where nothing is held against it. */
  readonly measured: number | null;
  readonly verdict: "reached" | "missed" | "not measured";
}

export function judgeGoals(results: readonly WorkloadResult[], goals: readonly Goal[]): Judged[] {
  return goals.map((goal) => {
    const measured = goal.eachSince === undefined ? measuredOf(goal, results) : grownOf(goal, results);
    if (measured === null) return { ...goal, measured, verdict: "not measured" };
    return { ...goal, measured, verdict: measured <= goal.atMost ? "reached" : "missed" };
  });
}

function grownOf(goal: Goal, results: readonly WorkloadResult[]): number | null {
  const place = (workload: string | undefined) => results.find((one) => one.workload === workload)?.growth?.at;
  const since = { ...goal, workload: goal.eachSince ?? goal.workload };
  const [from, to] = [place(since.workload), place(goal.workload)];
  const [was, is] = [measuredOf(since, results), measuredOf(goal, results)];
  return from === undefined || to === undefined || was === null || is === null ? null : (is - was) / (to - from);
}

function measuredOf(goal: Goal, results: readonly WorkloadResult[]): number | null {
  const contestants = results.find(({ workload }) => workload === goal.workload)?.contestants ?? [];
  const { figure = "cpuMs", against } = goal;
  const medianOf = (contestant: ContestantResult) => figureOf(contestant, figure)?.median;
  const one = contestants.find(({ name }) => name === goal.contestant);
  const own = one && medianOf(one);
  if (own === undefined) return null;
  if (against === null) return own;
  const steady = one?.role === "ours" && figure === "cpuMs";
  const others = contestants
    .filter(({ name, role }) => (against === "best peer" ? role === "peer" : [against].flat().includes(name)))
    .map((other) => (steady ? steadyCpuMs(other) : medianOf(other)) ?? 0)
    .filter((value) => value > 0);
  return others.length === 0 ? null : own / Math.min(...others);
}

/** In words; null where the figure itself is the goal. */
export function heldAgainst({ against }: Goal): string | null {
  return typeof against === "string" || against === null ? against : `the best of ${against.join(", ")}`;
}
