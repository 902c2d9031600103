import path from "node:path";
import { type BenchResult, compareResults, regressionsOf, type WorkloadResult } from "@copyup/bench";
import { readBenchResult } from "@copyup/bench/report";
import { describe, expect, test } from "vitest";

/** Real runs: one, and one in which overlay2 was made to spin for 3 ms whenever it plans a mount. */
const result = (name: string) => readBenchResult(path.join(import.meta.dirname, `../results/${name}.json`));
const [first, slower] = [result("first"), result("slower-mounts")];

const verdicts = (before: BenchResult, after: BenchResult, contestant: string) =>
  compareResults(before, after)
    .differences.filter((one) => one.contestant === contestant)
    .map(({ workload, verdict }) => `${workload} ${verdict}`);

/** With times of another machine: everything so many times as slow. */
function onMachine(times: number, given: BenchResult): BenchResult {
  const scaled = <T extends { median: number; min: number; max: number } | null>(s: T): T =>
    s && { ...s, median: s.median * times, min: s.min * times, max: s.max * times };
  const of = (w: WorkloadResult): WorkloadResult => ({
    ...w,
    contestants: w.contestants.map((c) => ({ ...c, cpuMs: scaled(c.cpuMs), wallMs: scaled(c.wallMs) })),
  });
  return { ...given, workloads: given.workloads.map(of) };
}

describe("two results", () => {
  test("mounts that really are slower are found, and nothing of the workload that does not mount", () => {
    expect(verdicts(first, slower, "overlay2")).toEqual([
      "mount-10 worse",
      "copy within noise",
      "mount-by-layers-1 worse",
      "mount-by-layers-8 worse",
    ]);
    expect(verdicts(slower, first, "overlay2")).toContain("mount-10 better");
    const worse = regressionsOf(compareResults(first, slower)).find(({ workload }) => workload === "mount-10");
    expect(worse).toMatchObject({ contestant: "overlay2", against: "C", figure: "cpuMs" });
    // 100 mounts and 3 ms each.
    expect(worse!.after - worse!.before).toBeGreaterThan(250);
  });

  test("with itself, nothing differs, and on a machine half as fast nothing of ours does", () => {
    expect(new Set(compareResults(first, first).differences.map(({ verdict }) => verdict))).toEqual(
      new Set(["within noise"]),
    );
    const { differences } = compareResults(first, onMachine(2, first));
    const ours = differences.filter(({ role }) => role === "ours");
    expect(ours.map(({ ratio }) => ratio!.toFixed(6))).toEqual(ours.map(() => "1.000000"));
    const machine = differences.filter(({ role }) => role === "limit");
    expect(machine.map(({ against, ratio }) => [against, ratio])).toEqual(machine.map(() => [null, 2]));
    expect(regressionsOf(compareResults(first, onMachine(2, first)))).toEqual([]);
  });

  test("without a limit the reference is the yardstick, and without a common one the figures are compared as they are", () => {
    const without = (given: BenchResult, reference: string | null): BenchResult => ({
      ...given,
      workloads: given.workloads.map((w) => ({
        ...w,
        reference,
        contestants: w.contestants.filter(({ role }) => role !== "limit"),
      })),
    });
    const against = (a: BenchResult, b: BenchResult) =>
      compareResults(a, b).differences.find((one) => one.workload === "copy" && one.contestant === "overlay2")?.against;
    expect(against(without(first, "cp -a"), without(slower, "cp -a"))).toBe("cp -a");
    expect(against(without(first, "cp -a"), without(slower, "plain-copy"))).toBeNull();
  });

  test("sizes are compared as they are, and not by blocks", () => {
    const disk = (given: BenchResult, more: number): BenchResult => ({
      ...given,
      workloads: given.workloads.map((w) => ({
        ...w,
        asks: "diskBytes",
        contestants: w.contestants.map((c) => {
          const { diskBytes } = c.more;
          const added = diskBytes && { ...diskBytes, median: diskBytes.median + more, min: diskBytes.min + more };
          return { ...c, more: added ? { ...c.more, diskBytes: added } : c.more };
        }),
      })),
    });
    const of = (more: number) =>
      compareResults(disk(first, 0), disk(first, more)).differences.filter(
        ({ contestant }) => contestant === "overlay2",
      );
    expect(of(20_000).map(({ verdict, against }) => [verdict, against])).toEqual(
      of(0).map(() => ["within noise", null]),
    );
    expect(of(2e6).map(({ verdict }) => verdict)).toEqual(of(0).map(() => "worse"));
  });

  test("goals whose verdict changed, conditions that are not the same, and workloads of one alone are told", () => {
    const other: BenchResult = {
      ...slower,
      environment: { ...slower.environment, kernel: "7.2.1" },
      workloads: slower.workloads.slice(1),
    };
    const { goals, conditions, onlyBefore, onlyAfter } = compareResults(first, other);
    expect(conditions).toEqual([{ what: "kernel", before: first.environment.kernel, after: "7.2.1" }]);
    expect([onlyBefore, onlyAfter]).toEqual([["mount-10"], []]);
    const changed = first.goals.filter((goal, i) => {
      const verdicts = [goal.verdict, slower.goals[i]!.verdict];
      return verdicts[0] !== verdicts[1] && !verdicts.includes("not measured");
    });
    expect(goals.map(({ before }) => before.workload)).toEqual(changed.map(({ workload }) => workload));
  });

  test.each([
    ["another scale", { ...slower, scale: 1 }, /scale 0\.02, the other at 1/],
    ["no common workload", { ...slower, workloads: [] }, /no workload in common/],
  ])("%s is refused", (_, other, message) => {
    expect(() => compareResults(first, other)).toThrow(
      expect.objectContaining({
        code: "BAD_OPTION",
        message: expect.stringMatching(message),
        hint: expect.any(String),
      }),
    );
  });
});
