import { figureOf } from "../run/figure-of.ts";
import type { WorkloadResult } from "../run/run-workload.ts";
import type { Summary } from "../statistics/summary.ts";
import type { Figure, GrowthPoint, Role } from "../workload.ts";

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
    const names = [...new Set(results.flatMap(({ contestants }) => contestants.map((c) => c.name)))];
    const curves = names.map((contestant) => curveOf(contestant, results)).filter(({ points }) => points.length > 0);
    return [{ ...{ name, results, curves }, along: first.growth.along, asks: first.asks }];
  });
}

export const place = ({ growth }: WorkloadResult): number => growth?.at ?? 0;

function curveOf(name: string, results: readonly WorkloadResult[]): Curve {
  const seen = results.flatMap((result) =>
    result.contestants
      .filter((contestant) => contestant.name === name)
      .map((contestant) => ({ at: place(result), role: contestant.role, figure: figureOf(contestant, result.asks) })),
  );
  const points = seen.flatMap(({ at, figure }) => (figure ? [{ at, figure }] : []));
  return { name, role: seen[0]?.role ?? "peer", points };
}
