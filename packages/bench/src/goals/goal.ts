import { figureOf } from "../run/figure-of.ts";
import type { ContestantResult, WorkloadResult } from "../run/run-workload.ts";
import type { Figure } from "../workload.ts";

/** What a contestant has to reach in one run with what it is held against. */
export interface Goal {
  readonly workload: string;
  readonly contestant: string;
  /** A contestant's name; `best peer`: whichever other program has the least; null: `atMost` is no ratio but the figure itself. */
  readonly against: string | null;
  readonly atMost: number;
  /** CPU time unless another figure is named. */
  readonly figure?: Figure;
}

/** Reached, missed, or neither can be told because a contestant was absent. */
export interface Judged extends Goal {
  /** A ratio, or the figure itself where nothing is held against it. */
  readonly measured: number | null;
  readonly verdict: "reached" | "missed" | "not measured";
}

export function judgeGoals(results: readonly WorkloadResult[], goals: readonly Goal[]): Judged[] {
  return goals.map((goal) => {
    const measured = measuredOf(goal, results.find(({ workload }) => workload === goal.workload)?.contestants ?? []);
    if (measured === null) return { ...goal, measured, verdict: "not measured" };
    return { ...goal, measured, verdict: measured <= goal.atMost ? "reached" : "missed" };
  });
}

function measuredOf(goal: Goal, contestants: WorkloadResult["contestants"]): number | null {
  const { figure = "cpuMs", against } = goal;
  const medianOf = (contestant: ContestantResult) => figureOf(contestant, figure)?.median;
  const own = contestants.filter(({ name }) => name === goal.contestant).map(medianOf)[0];
  if (own === undefined) return null;
  if (against === null) return own;
  const others = contestants
    .filter(({ name, role }) => (against === "best peer" ? role === "peer" : name === against))
    .map(medianOf)
    .filter((value) => value !== undefined && value > 0);
  return others.length === 0 ? null : own / Math.min(...(others as number[]));
}
