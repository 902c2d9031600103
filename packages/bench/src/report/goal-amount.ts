import type { Judged } from "../goals/goal.ts";
import { amount } from "./amount.ts";
import { times } from "./svg/bar-rows.ts";

/** A ratio, or the figure itself. */
export const goalAmount = ({ against, figure = "cpuMs", eachSince }: Judged, value: number): string =>
  against !== null ? times(value) : `${amount(figure, value)}${eachSince === undefined ? "" : " each"}`;

/** What was measured; of a ratio that is missed by less than is usually told as many digits as say so. `none`: it was not measured. */
export function measuredAmount(goal: Judged, none = "-"): string {
  const { against, atMost, measured, verdict } = goal;
  if (measured === null) return none;
  const told = goalAmount(goal, measured);
  if (verdict !== "missed" || against === null || told !== goalAmount(goal, atMost)) return told;
  for (let digits = 3; digits < 6; digits++)
    if (Number(measured.toFixed(digits)) > atMost) return `${measured.toFixed(digits)}×`;
  return told;
}
