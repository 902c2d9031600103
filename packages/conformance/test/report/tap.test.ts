import { Parser } from "tap-parser";
import { expect, test } from "vitest";
import { tap } from "../../src/report/tap.ts";
import { cell, nastyCell } from "./cells.ts";

interface Assert {
  ok: boolean;
  name: string;
  id: number;
  skip?: string | boolean;
  diag?: Record<string, unknown>;
}

/** In strict mode, where anything that is not TAP is a failure. */
function parsed(text: string): { asserts: Assert[]; version: number; ok: boolean; failures: unknown[]; count: number } {
  const asserts: Assert[] = [];
  let version = 0;
  let results: { ok: boolean; count: number; failures: unknown[] } | undefined;
  const parser = new Parser({ strict: true }, (all) => (results = all as unknown as typeof results));
  parser.on("assert", (one: unknown) => asserts.push(one as Assert));
  parser.on("version", (number: unknown) => (version = Number(number)));
  parser.end(text);
  return { asserts, version, ...results! };
}

test("a parser of TAP 14 reads it strictly, whatever stands in the texts", () => {
  const { asserts, version, count, failures } = parsed(tap([nastyCell]));
  expect(version).toBe(14);
  expect(count).toBe(4);
  expect(asserts.map(({ ok, id }) => [id, ok])).toEqual([
    [1, true],
    [2, true],
    [3, true],
    [4, false],
  ]);
  // Nothing but the check that failed: in strict mode garbage would be one.
  expect(failures).toHaveLength(1);
});

test("skips carry their reason, deviations and failures a diagnostic", () => {
  const [pass, deviates, skips, fails] = parsed(tap([nastyCell])).asserts;
  expect(pass?.name).toBe("overlay2 on ext4 CU01 passes");
  // The parser takes duration_ms out of the diagnostic.
  expect(pass).toMatchObject({ time: 1.5, diag: { kernel: "6.18.44" } });
  expect(skips?.skip).toMatch(/^lacks a <b> & "c" # not a directive/);
  expect(deviates?.skip).toBeFalsy();
  expect(deviates?.diag?.deviates).toMatch(/^word: a <b>.*\\x1b\[31mred\\x00.*\nsecond line\ttab/s);
  expect(fails?.skip, "a title is no directive").toBeFalsy();
  expect(fails?.name).toBe("overlay2 on ext4 UM04 fails # SKIP it does not");
  expect(fails?.diag).toMatchObject({
    severity: "fail",
    seed: 9,
    evidence: [
      { title: "What was done", text: expect.stringMatching(/^1\. first\n {3}indented\n\na <b>/) },
      { title: "mountinfo", text: "   leading spaces" },
    ],
  });
});

test("several cells are numbered through, under one plan", () => {
  const text = tap([cell([{}, {}]), cell([{}], { filesystem: "xfs" })]);
  expect(text.match(/^TAP version/gm)).toHaveLength(1);
  expect(text.endsWith("\n1..3\n")).toBe(true);
  expect(parsed(text)).toMatchObject({ ok: true, count: 3 });
});
