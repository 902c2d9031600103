import type { Summary } from "../statistics/summary.ts";
import type { Figure } from "../workload.ts";
import type { ContestantResult } from "./run-workload.ts";

/** Null where it was not measured. */
export function figureOf({ cpuMs, wallMs, more }: ContestantResult, figure: Figure): Summary | null {
  return figure === "cpuMs" ? cpuMs : figure === "wallMs" ? wallMs : (more[figure] ?? null);
}
