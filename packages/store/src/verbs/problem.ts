import type { CheckProblem } from "../layer-store.ts";

/** Found, and not yet decided whether it can be repaired. */
export type Problem = Omit<CheckProblem, "repaired">;
