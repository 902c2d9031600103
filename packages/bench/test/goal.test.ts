import { describe, expect, test } from "vitest";
import { judgeGoals } from "../src/full/goal.ts";
import type { WorkloadResult } from "../src/run-workload.ts";
import { summarize } from "../src/statistics/summary.ts";

function result(workload: string, cpu: Record<string, number | null>): WorkloadResult {
  return {
    workload,
    question: "?",
    fairness: "",
    reference: Object.keys(cpu)[0] ?? null,
    noiseFloor: 0,
    contestants: Object.entries(cpu).map(([name, ms]) => ({
      name,
      wallMs: ms === null ? null : summarize([ms]),
      cpuMs: ms === null ? null : summarize([ms]),
      compared: null,
      absent: ms === null ? "not installed" : null,
    })),
  };
}

describe("goals are judged by CPU time of the same series", () => {
  const goals = [{ workload: "apply", contestant: "overlay2", against: "C", atMost: 1.25 }];

  test.each([
    [120, "reached", 1.2],
    [130, "missed", 1.3],
    [null, "not measured", null],
  ])("overlay2 with %s ms against 100 ms: %s", (ms, verdict, ratio) => {
    expect(judgeGoals([result("apply", { C: 100, overlay2: ms })], goals)).toEqual([{ ...goals[0], verdict, ratio }]);
  });

  test("a workload that was not run is not measured", () => {
    expect(judgeGoals([], goals)[0]?.verdict).toBe("not measured");
  });
});
