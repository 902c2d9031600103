import type { BenchReport } from "@copyup/bench";
import type { CellRecord, CheckResult } from "@copyup/conformance";
import type { Host } from "@copyup/core";
import type { ProbeReport } from "@copyup/runtime";

/** All that `copyup compare` found out; the terminal page, the HTML report and --json are three looks at it. */
export interface ComparisonReport {
  readonly version: string;
  readonly date: string;
  readonly seconds: number;
  readonly host: Host;
  /** Where it worked: `a directory on ext4`, `a fresh ext4 loop image held in memory`. */
  readonly conformanceScratch: string;
  readonly benchScratch: string | null;
  readonly image: string;
  readonly probes: readonly ProbeReport[];
  readonly results: readonly CheckResult[];
  /** The same results, each driver's with what its probe and profile say. */
  readonly cells: readonly CellRecord[];
  /** Null where no driver works. */
  readonly bench: BenchReport | null;
}

/** Drivers that were measured, in the runtime's order. */
export function workingDrivers(report: ComparisonReport): string[] {
  return report.probes.filter((probe) => probe.works).map((probe) => probe.driver);
}

/** In a sentence: which drivers exported the same bytes of the same edits. Null where fewer than two did export. */
export function whoExportsAlike(report: ComparisonReport): { readonly all: boolean; readonly text: string } | null {
  const groups = new Map<string, string[]>();
  for (const { driver, digest } of report.bench?.exports ?? [])
    groups.set(digest, [...(groups.get(digest) ?? []), driver]);
  const drivers = [...groups.values()];
  if (drivers.flat().length < 2) return null;
  if (drivers.length === 1) return { all: true, text: "The drivers export identical bytes of the same edits." };
  const told = drivers.map((alike) => alike.join(" and ")).join("; other bytes: ");
  return {
    all: false,
    text: `Identical bytes of the same edits: ${told}, whose views differ by the deviations declared.`,
  };
}
