import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compact } from "../../packages/conformance/src/report/index.ts";
import { cell } from "../../packages/conformance/test/report/cells.ts";
import { withTable } from "../write-matrix-table.ts";

const root = path.resolve(import.meta.dirname, "../..");
const README = "before\n<!-- matrix: made by tools/write-matrix-table.ts -->\nold\n<!-- /matrix -->\nafter\n";

function matrix(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "copyup-table-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "matrix.json");
  writeFileSync(file, compact([cell([{ id: "CU01" }, { id: "CU02", status: "fail", reason: "no" }])]));
  return file;
}

test("README's table is the committed matrix's", () => {
  execFileSync(process.execPath, ["-C", "@copyup/source", "tools/write-matrix-table.ts", "--check"], { cwd: root });
});

test("the table stands between the markers, with versions and date, and is made once", () => {
  const file = matrix();
  const text = withTable(README, file) ?? "";
  expect(text).toMatch(/^before\n.*\n\| {2}\| overlay2 \|\n.*\n\| Linux 6\.18\.44 \| 1 \/ 0 \/ \*\*1\*\* \/ 0 \|/);
  expect(text).toContain("copyup 0.1.0 (359a342), 2026-01-02, on ext4: 1 cells.");
  expect(text).toMatch(/<!-- \/matrix -->\nafter\n$/);
  expect(text).not.toContain("old");
  expect(withTable(text, file)).toBe(text);
});

test("a README without the markers is not written to", () => {
  expect(withTable("no markers", matrix())).toBeNull();
});
