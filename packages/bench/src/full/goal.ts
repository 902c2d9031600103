import type { WorkloadResult } from "../run-workload.ts";

/** What a contestant has to reach, in CPU time of the same run. */
export interface Goal {
  readonly workload: string;
  readonly contestant: string;
  readonly against: string;
  readonly atMost: number;
}

/** Reached, missed by more than the noise, or neither told: a contestant was absent. */
export interface Judged extends Goal {
  readonly ratio: number | null;
  readonly verdict: "reached" | "missed" | "not measured";
}

/** The project's goals: C doing the same work is the limit; where a program is the goal, it is what people would use instead. */
export const GOALS: readonly Goal[] = [
  { workload: "mount-10", contestant: "overlay2", against: "C", atMost: 1.15 },
  { workload: "mount-120", contestant: "overlay2", against: "C", atMost: 1.15 },
  { workload: "apply", contestant: "overlay2", against: "C", atMost: 1.25 },
  { workload: "diff", contestant: "overlay2", against: "GNU tar", atMost: 1.15 },
  { workload: "changes", contestant: "plain-copy", against: "find ×2", atMost: 1.15 },
  { workload: "copy", contestant: "plain-copy", against: "cp -a", atMost: 1.05 },
  { workload: "start", contestant: "copyup layer ls", against: "node", atMost: 1.8 },
];

export function judgeGoals(results: readonly WorkloadResult[], goals: readonly Goal[] = GOALS): Judged[] {
  return goals.map((goal) => {
    const contestants = results.find(({ workload }) => workload === goal.workload)?.contestants ?? [];
    const cpu = (name: string) => contestants.find((contestant) => contestant.name === name)?.cpuMs?.median;
    const [own, other] = [cpu(goal.contestant), cpu(goal.against)];
    if (own === undefined || other === undefined || other === 0)
      return { ...goal, ratio: null, verdict: "not measured" };
    const ratio = own / other;
    return { ...goal, ratio, verdict: ratio <= goal.atMost ? "reached" : "missed" };
  });
}
