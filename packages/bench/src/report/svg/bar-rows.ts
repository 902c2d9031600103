import { figureOf } from "../../run/figure-of.ts";
import type { WorkloadResult } from "../../run/run-workload.ts";
import type { Role } from "../../workload.ts";
import { amount } from "../amount.ts";
import { shownName } from "../shown-name.ts";

/** One bar; positions are parts of the axis, which begins at zero. */
export interface BarRow {
  readonly name: string;
  readonly role: Role;
  readonly median: number;
  /** The middle half of the runs. */
  readonly from: number;
  readonly to: number;
  /** What of it is the program's start. */
  readonly startUp: number | null;
  readonly value: string;
  /** `1.85×`, `≈ 0.97×` within the noise; empty for the reference. */
  readonly ratio: string;
}

export interface BarRows {
  readonly rows: readonly BarRow[];
  /** Where the machine's limit lies, if one was measured. */
  readonly limit: number | null;
}

/** The figure that the workload asks for, of all who took part. */
export function barRows(result: WorkloadResult): BarRows {
  const { asks } = result;
  const measured = result.contestants.flatMap((contestant) => {
    const figure = figureOf(contestant, asks);
    return figure ? [{ contestant, figure }] : [];
  });
  const end = Math.max(...measured.map(({ figure }) => figure.median * (1 + figure.spread)));
  const part = (value: number) => (end > 0 ? Math.max(value, 0) / end : 0);
  const rows = measured.map(
    ({ contestant: { name, role, startUpMs, compared }, figure: { median, spread } }): BarRow => {
      const startUp = asks === "cpuMs" && startUpMs ? part(Math.min(startUpMs.median, median)) : null;
      const mark = compared?.verdict === "within noise" ? "≈ " : "";
      const ratio = !compared || compared.verdict === "reference" ? "" : `${mark}${times(compared.ratio)}`;
      return {
        ...{ name: shownName({ name, role }, result.contestants), role },
        ...{ median: part(median), startUp, value: amount(asks, median), ratio },
        from: part(median * (1 - spread)),
        to: part(median * (1 + spread)),
      };
    },
  );
  return { rows, limit: rows.find(({ role }) => role === "limit")?.median ?? null };
}

/** A ratio that may be very small or large. */
export function times(ratio: number): string {
  if (!Number.isFinite(ratio)) return "–";
  if (ratio === 0) return "0×";
  return `${ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio < 0.01 ? ratio.toFixed(4) : ratio.toFixed(2)}×`;
}
