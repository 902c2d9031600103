import type { ContestantResult } from "../run/run-workload.ts";

/**
 * CPU time of the work alone, in ms: what a program took less what it takes to start it and do all but the work. Drivers in this
 * process have no start. Null where that is no more than the two differ from themselves: then it is not to be told.
 */
export function steadyCpuMs({ cpuMs, startUpMs }: ContestantResult): number | null {
  if (!cpuMs) return null;
  if (!startUpMs) return cpuMs.median;
  const work = cpuMs.median - startUpMs.median;
  const noise = cpuMs.median * cpuMs.spread + startUpMs.median * startUpMs.spread;
  return work > noise ? work : null;
}
