import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CellFile } from "../../src/matrix/cell-file.ts";
import { jsonl } from "../../src/report/jsonl.ts";
import { readCells } from "../../src/report/read-cells.ts";
import { scratchDirectory } from "../scratch-directory.ts";
import { cell } from "./cells.ts";

const ext4 = cell([
  { id: "CU01" },
  { id: "CU02", status: "fail", reason: "no", evidence: [{ title: "a", text: "b" }] },
]);
const xfs = cell([{ id: "CU01" }], { filesystem: "xfs" });

function saved(...cells: (typeof ext4)[]): string {
  const dir = scratchDirectory();
  for (const one of cells) new CellFile(dir, one, "key").finish(one);
  return dir;
}

test("directories, files and lines of several machines come together", () => {
  const other = cell([{ id: "CU01" }], { host: { ...ext4.host, kernelRelease: "5.10.0" } });
  const lines = `${scratchDirectory()}/r.jsonl`;
  writeFileSync(lines, jsonl([other]));
  const cells = readCells([saved(ext4, xfs), lines]);
  expect(cells).toHaveLength(3);
  expect(cells.slice(0, 2)).toEqual(expect.arrayContaining([ext4, xfs]));
  expect(cells[2]).toMatchObject({ driver: "overlay2", filesystem: "ext4", host: { kernelRelease: "5.10.0" } });
  expect(cells[2]?.results).toEqual(other.results);
});

test("of two runs of a cell the later one counts, in whatever order they are named", () => {
  const newer = { ...ext4, date: "2026-02-01T00:00:00.000Z", results: ext4.results.slice(0, 1) };
  const [a, b] = [saved(ext4), saved(newer)];
  for (const names of [
    [a, b],
    [b, a],
  ])
    expect(readCells(names)).toEqual([newer]);
});

test("what an interrupted run left is told as such, unless there is a whole one", () => {
  const dir = scratchDirectory();
  const { results, ms: _, ...head } = ext4;
  new CellFile(dir, ext4, "key").begin(head, results.slice(0, 1));
  expect(readCells([dir])).toMatchObject([{ interrupted: true, results: results.slice(0, 1) }]);
  expect(readCells([dir, saved(ext4)])).toEqual([ext4]);
});

test("a file that is neither is refused; in a directory it is passed over", () => {
  const dir = saved(ext4);
  writeFileSync(`${dir}/package.json`, "{}");
  expect(readCells([dir])).toEqual([ext4]);
  expect(() => readCells([`${dir}/package.json`])).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  expect(() => readCells([`${dir}/missing`])).toThrow(expect.objectContaining({ code: "IO" }));
});
