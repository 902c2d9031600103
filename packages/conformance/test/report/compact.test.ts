import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compact, parseCompact } from "../../src/report/compact.ts";
import { htmlPage } from "../../src/report/html/page.ts";
import { readCells } from "../../src/report/read-cells.ts";
import type { CellRecord } from "../../src/runner-contract.ts";
import { cell, nastyCell } from "./cells.ts";

const cells: CellRecord[] = [
  {
    ...cell([{ id: "CU11" }, { id: "CU12", status: "skip", reason: "lacks it" }], { filesystem: "xfs" }),
    findings: [{ feature: "f", ok: true, required: true, kind: "unsupported", evidence: "seen", fix: null }],
    deviations: [{ check: "CU12", outcome: "odd", because: "so it is" }],
    unchecked: [{ id: "SE42", title: "labels", why: "needs SELinux" }],
    filesystemRows: true,
  },
  nastyCell,
];

test("what is read back is what was written, but for evidence and seeds of results", () => {
  const bare = cells.map((one) => ({
    ...one,
    results: one.results.map(({ evidence: _, seed: __, ...result }) => result),
  }));
  expect(parseCompact(compact(cells))).toEqual(bare);
  // So the page made of it is the page made of the cells, without evidence.
  expect(htmlPage(parseCompact(compact(cells)) ?? [])).toBe(htmlPage(bare));
});

test("`report` reads it as a file", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "copyup-compact-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "matrix.json");
  writeFileSync(file, compact(cells));
  expect(readCells([file]).map((one) => one.filesystem)).toEqual(["xfs", "ext4"]);
  writeFileSync(file, compact(cells).replace('"format":1', '"format":2'));
  expect(() => readCells([file])).toThrow("no results");
});

test("a matrix of 52 cells is small enough to keep beside the code", () => {
  const results = Array.from({ length: 262 }, (_, i) => ({
    id: `CU${i}`,
    title: `a check with a title of ordinary length, and some more words, number ${i}`,
    ms: i / 7,
    ...(i % 10 === 0 ? ({ status: "deviates", reason: `word: because of ${i}` } as const) : {}),
  }));
  const many = Array.from({ length: 52 }, (_, i) => cell(i % 4 === 0 ? results : results.slice(0, 103)));
  expect(Buffer.byteLength(compact(many))).toBeLessThan(400_000);
});
