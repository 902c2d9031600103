import { StorageError } from "@copyup/core";
import type { BenchResult } from "../bench.ts";
import type { Judged } from "../goals/goal.ts";
import { type Difference, differencesOf } from "./difference.ts";

/** Whose figures they are. */
export interface Side {
  readonly date: string;
  readonly version: string | null;
  readonly commit: string | null;
  readonly runs: number;
}

/** What `copyup bench diff --json` prints. */
export interface BenchDifferences {
  readonly type: "copyup-bench-diff";
  readonly format: 1;
  readonly before: Side;
  readonly after: Side;
  /** What of the machine or the settings is not the same. */
  readonly conditions: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  readonly differences: readonly Difference[];
  /** Goals whose verdict changed. */
  readonly goals: readonly { readonly before: Judged; readonly after: Judged }[];
  /** Workloads of one result alone. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** Throws BAD_OPTION where there is nothing to compare. */
export function compareResults(before: BenchResult, after: BenchResult): BenchDifferences {
  if (before.scale !== after.scale)
    throw incomparable(
      `one was measured at scale ${before.scale}, the other at ${after.scale}`,
      `measure again with --scale ${before.scale}`,
    );
  const namesOf = (result: BenchResult) => result.workloads.map(({ workload }) => workload);
  const both = before.workloads.flatMap((was) => {
    const is = after.workloads.find(({ workload, asks }) => workload === was.workload && asks === was.asks);
    return is ? [{ was, is }] : [];
  });
  if (both.length === 0)
    throw incomparable(
      "the two results have no workload in common",
      `measure with one of ${namesOf(before).join(", ") || "the workloads that the first should have"}`,
    );
  const common = both.map(({ was }) => was.workload);
  return {
    ...{ type: "copyup-bench-diff", format: 1 },
    ...{ before: sideOf(before), after: sideOf(after), conditions: conditionsOf(before, after) },
    differences: both.flatMap(({ was, is }) => differencesOf(was, is)),
    goals: changedGoals(before.goals, after.goals),
    onlyBefore: namesOf(before).filter((name) => !common.includes(name)),
    onlyAfter: namesOf(after).filter((name) => !common.includes(name)),
  };
}

/** Copyup's own figures that got worse: what C or another program took more is the machine's doing, or theirs. */
export const regressionsOf = ({ differences }: BenchDifferences): Difference[] =>
  differences.filter(({ role, verdict }) => (role === "ours" || role === "command") && verdict === "worse");

const incomparable = (message: string, hint: string) =>
  new StorageError({ code: "BAD_OPTION", op: "bench", message, hint });

const sideOf = ({ environment, version, commit, runs }: BenchResult): Side => ({
  ...{ date: environment.date, version: version ?? null, commit: commit ?? null, runs },
});

function conditionsOf(before: BenchResult, after: BenchResult): BenchDifferences["conditions"] {
  const of = ({ environment: { cpu, cores, kernel, filesystem, node, root, programs }, place }: BenchResult) => ({
    ...{ CPU: `${cpu}, ${cores} cores`, kernel, filesystem, place: place ?? "not told", Node: node },
    user: root ? "root" : "not root",
    ...programs,
  });
  const [was, is] = [of(before) as Record<string, string>, of(after) as Record<string, string>];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((what) => ({ what, before: was[what] ?? "not told", after: is[what] ?? "not told" }))
    .filter((one) => one.before !== one.after);
}

/** Not those that one of the results did not measure. */
function changedGoals(before: readonly Judged[], after: readonly Judged[]): BenchDifferences["goals"] {
  const key = ({ workload, contestant, against, figure }: Judged) => [workload, contestant, against, figure].join("\0");
  return before.flatMap((was) => {
    const is = after.find((goal) => key(goal) === key(was));
    const changed = is && was.verdict !== is.verdict && ![was, is].some(({ verdict }) => verdict === "not measured");
    return changed ? [{ before: was, after: is }] : [];
  });
}
