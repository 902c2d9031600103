import { expect, test } from "vitest";
import { goalAmount, measuredAmount } from "../../src/report/index.ts";

const goal = { workload: "apply", contestant: "overlay2", against: "C", atMost: 1.25 } as const;
const missed = (measured: number) => measuredAmount({ ...goal, measured, verdict: "missed" });

test("a goal missed by little is told with the digits that show it", () => {
  expect(goalAmount({ ...goal, measured: 1.3, verdict: "missed" }, 1.25)).toBe("1.25×");
  expect([missed(1.3), missed(1.2539), missed(1.25039), missed(1.2500001)]).toEqual([
    "1.30×",
    "1.254×",
    "1.2504×",
    "1.25×",
  ]);
  expect(measuredAmount({ ...goal, measured: 1.2461, verdict: "reached" })).toBe("1.25×");
  expect(measuredAmount({ ...goal, measured: null, verdict: "not measured" }, "–")).toBe("–");
});
