import { type Goal, judgeGoals, type Role, summarize, type WorkloadResult } from "@copyup/bench";
import { describe, expect, test } from "vitest";

type Given = Record<string, { role: Role; cpu: number | null; peak?: number; startUp?: number }>;

function result(workload: string, given: Given): WorkloadResult {
  return {
    ...{ workload, question: "?", fairness: "", noiseFloor: 0, asks: "cpuMs", growth: null },
    reference: Object.keys(given)[0] ?? null,
    contestants: Object.entries(given).map(([name, { role, cpu, peak, startUp }]) => ({
      ...{ name, role, compared: null, wallMs: null },
      startUpMs: startUp === undefined ? null : summarize([startUp]),
      cpuMs: cpu === null ? null : summarize([cpu]),
      more: peak === undefined ? {} : { peakBytes: summarize([peak]) },
      absent: cpu === null ? "not installed" : null,
    })),
  };
}

const judged = (goal: Goal, given: Given) => {
  const [{ verdict, measured } = { verdict: "", measured: null }] = judgeGoals([result("apply", given)], [goal]);
  return [verdict, measured];
};

describe("goals are judged by figures of the same series", () => {
  const goal: Goal = { workload: "apply", contestant: "overlay2", against: "C", atMost: 1.25 };

  test.each([
    [120, "reached", 1.2],
    [130, "missed", 1.3],
    [null, "not measured", null],
  ])("overlay2 with %s ms against 100 ms: %s", (cpu, verdict, ratio) => {
    const given: Given = { C: { role: "limit", cpu: 100 }, overlay2: { role: "ours", cpu } };
    expect(judged(goal, given)).toEqual([verdict, ratio]);
  });

  test("the best peer is the cheapest of the other programs, never the limit or ours", () => {
    const given: Given = {
      C: { role: "limit", cpu: 1 },
      "plain-copy": { role: "ours", cpu: 2 },
      overlay2: { role: "ours", cpu: 70 },
      ctr: { role: "peer", cpu: 100 },
      umoci: { role: "peer", cpu: 200 },
      absent: { role: "peer", cpu: null },
    };
    expect(judged({ ...goal, against: "best peer", atMost: 0.7 }, given)).toEqual(["reached", 0.7]);
    expect(judged({ ...goal, against: "best peer" }, { overlay2: { role: "ours", cpu: 70 } })).toEqual([
      "not measured",
      null,
    ]);
  });

  test("ours are held against peers without their start, a command against whole programs", () => {
    const started: Given = { overlay2: { role: "ours", cpu: 70 }, ctr: { role: "peer", cpu: 120, startUp: 20 } };
    expect(judged({ ...goal, against: "best peer" }, started)).toEqual(["reached", 0.7]);
    expect(judged({ ...goal, against: ["ctr", "umoci"] }, started)).toEqual(["reached", 0.7]);
    const command: Given = { ...started, overlay2: { role: "command", cpu: 60 } };
    expect(judged({ ...goal, against: "ctr" }, command)).toEqual(["reached", 0.5]);
  });

  test("a peer whose work is lost in the noise of its start is no measure", () => {
    const ctr = { role: "peer", cpu: 100, startUp: 100 } as const;
    expect(judged({ ...goal, against: "ctr" }, { overlay2: { role: "ours", cpu: 1 }, ctr })).toEqual([
      "not measured",
      null,
    ]);
  });

  test("a figure may be the goal itself", () => {
    const given: Given = { "copyup layer apply": { role: "command", cpu: 1, peak: 170e6 } };
    const memory: Goal = {
      ...{ workload: "apply", contestant: "copyup layer apply", against: null },
      ...{ figure: "peakBytes", atMost: 160e6 },
    };
    expect(judged(memory, given)).toEqual(["missed", 170e6]);
  });

  test("a figure may be judged by what it grows for each entry of a curve", () => {
    const at = (entries: number, peak: number): WorkloadResult => ({
      ...result(`memory-${entries}`, { "layer diff": { role: "command", cpu: 1, peak } }),
      growth: { curve: "memory", along: "entries", at: entries },
    });
    const each: Goal = {
      ...{ workload: "memory-200", eachSince: "memory-20", contestant: "layer diff", against: null },
      ...{ figure: "peakBytes", atMost: 200 },
    };
    const judge = (...results: WorkloadResult[]) => judgeGoals(results, [each])[0];
    expect(judge(at(20, 70_000), at(200, 106_000))).toMatchObject({ verdict: "reached", measured: 200 });
    expect(judge(at(20, 70_000), at(200, 106_180))).toMatchObject({ verdict: "missed", measured: 201 });
    expect(judge(at(200, 106_000))).toMatchObject({ verdict: "not measured", measured: null });
  });

  test("a workload that was not run is not measured", () => {
    expect(judgeGoals([], [goal])[0]?.verdict).toBe("not measured");
  });
});
