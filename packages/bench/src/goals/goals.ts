import type { Goal } from "./goal.ts";

/**
 * The project's goals. C doing the same work is the limit of the machine; where a program is the goal, it is what people would
 * use instead.
 */
export const GOALS: readonly Goal[] = [
  { workload: "mount-10", contestant: "overlay2", against: "C", atMost: 1.15 },
  { workload: "mount-120", contestant: "overlay2", against: "C", atMost: 1.15 },
  { workload: "mount-120", contestant: "overlay2", against: "best peer", atMost: 0.7 },
  { workload: "apply", contestant: "overlay2", against: "C", atMost: 1.25 },
  { workload: "diff", contestant: "overlay2", against: "GNU tar", atMost: 1.15 },
  { workload: "changes", contestant: "plain-copy", against: "find ×2", atMost: 1.15 },
  { workload: "copy", contestant: "plain-copy", against: "cp -a", atMost: 1.05 },
  { workload: "start", contestant: "copyup layer ls", against: "node", atMost: 1.8 },
];
