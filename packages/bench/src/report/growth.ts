import { figureOf } from "../run/figure-of.ts";
import type { ContestantResult, WorkloadResult } from "../run/run-workload.ts";
import type { Summary } from "../statistics/summary.ts";
import type { Figure, GrowthPoint, Role } from "../workload.ts";
import { shownName } from "./shown-name.ts";

/** Of the figure asked for, at each point where the contestant took part. */
export interface Curve {
  readonly name: string;
  readonly role: Role;
  readonly points: readonly { readonly at: number; readonly figure: Summary }[];
}

/** Workloads that are the points of one growth curve. */
export interface Growth {
  readonly name: string;
  readonly along: GrowthPoint["along"];
  readonly asks: Figure;
  /** By their place along the axis. */
  readonly results: readonly WorkloadResult[];
  readonly curves: readonly Curve[];
}

/** In the order in which they were measured. */
export function growthsOf(workloads: readonly WorkloadResult[]): Growth[] {
  const byCurve = Map.groupBy(
    workloads.filter(({ growth }) => growth !== null),
    ({ growth }) => growth?.curve ?? "",
  );
  return [...byCurve].flatMap(([name, unordered]) => {
    const results = [...unordered].sort((a, b) => place(a) - place(b));
    const [first] = results;
    if (!first?.growth) return [];
    // A driver and the program that it drives have one name.
    const whos = Map.groupBy(
      results.flatMap(({ contestants }) => contestants),
      (contestant) => `${contestant.role}\0${contestant.name}`,
    );
    const curves = [...whos.values()]
      .flatMap(([contestant]) => (contestant ? [curveOf(contestant, results)] : []))
      .filter(({ points }) => points.length > 0);
    return [{ ...{ name, results, curves }, along: first.growth.along, asks: first.asks }];
  });
}

export const place = ({ growth }: WorkloadResult): number => growth?.at ?? 0;

function curveOf({ name, role }: ContestantResult, results: readonly WorkloadResult[]): Curve {
  const points = results.flatMap((result) =>
    result.contestants
      .filter((contestant) => contestant.name === name && contestant.role === role)
      .map((contestant) => ({ at: place(result), figure: figureOf(contestant, result.asks) }))
      .flatMap(({ at, figure }) => (figure ? [{ at, figure }] : [])),
  );
  const all = results.flatMap(({ contestants }) => contestants);
  return { name: shownName({ name, role }, all), role, points };
}
