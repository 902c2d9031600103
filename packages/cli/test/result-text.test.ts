import type { CheckResult } from "@copyup/conformance";
import { expect, test } from "vitest";
import { resultLines } from "../src/suite/result-text.ts";

const result: CheckResult = {
  driver: "d",
  filesystem: "ext4",
  kernel: "6.1",
  id: "RD01",
  title: "t",
  status: "pass",
  ms: 1,
};

test("a line each, counted; reasons of several lines stand below, and how to see it again", () => {
  expect(resultLines(result, { done: 7, total: 120 })).toBe("  7/120 ok       d RD01 t");
  const evidence = [{ title: "See it again", text: "copyup conform d" }];
  const failed: CheckResult = { ...result, status: "fail", reason: "first\n  second", evidence };
  expect(resultLines(failed, { done: 7, total: 9 }).split("\n")).toEqual([
    "7/9 FAIL     d RD01 t",
    "    first",
    "      second",
    "    copyup conform d",
  ]);
});
