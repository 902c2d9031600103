import { expect, test } from "vitest";
import type { Check } from "../../src/check.ts";
import { allChecks } from "../../src/checks/index.ts";
import { askedForByName, selectChecks } from "../../src/run/select.ts";

const checks = ["CU01", "CU02", "ME01"].map((id): Check => ({ id, title: id, cites: ["c"], run: async () => {} }));
const ids = (only?: string[]) => selectChecks(checks, only).map((check) => check.id);

test("ids and beginnings of ids, in the suite's order", () => {
  expect(ids()).toEqual(["CU01", "CU02", "ME01"]);
  expect(ids(["ME01", "cu"])).toEqual(["CU01", "CU02", "ME01"]);
  expect(ids(["CU02"])).toEqual(["CU02"]);
});

test("a name that selects nothing is an error that lists the groups", () => {
  expect(() => selectChecks(checks, ["CU", "QQ"])).toThrow(
    expect.objectContaining({ code: "BAD_OPTION", hint: expect.stringContaining("CU, ME") }),
  );
});

test("only a whole id asks for a check by name", () => {
  expect(checks.map((check) => askedForByName(check, ["CU", "me01"]))).toEqual([false, false, true]);
});

test("every check of the suite has an id of its own, a title and a source", () => {
  expect(new Set(allChecks.map((check) => check.id)).size).toBe(allChecks.length);
  for (const check of allChecks) {
    expect(check.id).toMatch(/^[A-Z]{2}\d\d$/);
    expect(check.title).not.toBe("");
    expect(check.cites.length).toBeGreaterThan(0);
    for (const [word, meaning] of Object.entries(check.deviations ?? {}))
      expect(`${word}: ${meaning}`).toMatch(/^[A-Za-z0-9-]+: .{10,}/);
  }
});
