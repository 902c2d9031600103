import type { Summary } from "./summary.ts";

/** How a contestant compares with the reference of its workload. */
export type Verdict = "reference" | "faster" | "slower" | "within noise";

export interface Comparison {
  /** Median over the reference's median. */
  readonly ratio: number;
  readonly verdict: Verdict;
}

/**
 * No ranking inside the noise: the difference must exceed what the same contestant, run twice in the same series, differs
 * from itself (`noiseFloor`, a part of the median), and the spread of both series, as parts of the reference's median: a
 * hundredth of it is less, however far apart the runs of that hundredth are.
 */
export function compareWithReference(contestant: Summary, reference: Summary, noiseFloor: number): Comparison {
  const ratio = contestant.median / reference.median;
  const uncertain = Math.max(noiseFloor, Math.abs(contestant.spread * ratio), reference.spread);
  if (Math.abs(ratio - 1) <= uncertain) return { ratio, verdict: "within noise" };
  return { ratio, verdict: ratio < 1 ? "faster" : "slower" };
}
