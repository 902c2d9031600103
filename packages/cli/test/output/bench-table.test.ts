import path from "node:path";
import { readBenchResult } from "@copyup/bench/report";
import { expect, test } from "vitest";
import { absentLines, benchTable } from "../../src/output/bench-table.ts";

/** Of a real run. */
const { workloads } = readBenchResult(path.resolve(import.meta.dirname, "../../../bench/test/results/first.json"));
const copy = workloads.find(({ workload }) => workload === "copy")!;

test("each contestant's CPU time in a unit that suits it, the reference at 1.00", () => {
  const [head, reference, ...others] = benchTable([copy]);
  expect(head).toMatch(/CPU time +± +× +wall time$/);
  expect(reference).toMatch(/^ {2}copy +C +[\d.]+ ms +\d+ % +1\.00 +[\d.]+ m?s$/);
  expect(others).toHaveLength(copy.contestants.length - 1);
  for (const line of others) expect(line).toMatch(/^ {8}\S.* [\d.]+ (ms|µs) +\d+ % +≈?\d+\.\d\d +[\d.]+ m?s$/);
});

test("another figure is the one shown, with its name", () => {
  const disk = copy.contestants.find(({ name }) => name === "cp -a")?.more.diskBytes;
  expect(benchTable([{ ...copy, asks: "diskBytes" }]).join("\n")).toContain(
    `${(disk!.median / 1e6).toFixed(2)} MB disk used`,
  );
});

test("whoever was absent is no row, but told with the reason, once", () => {
  const [one] = copy.contestants;
  const absent = {
    ...one!,
    name: "rsync",
    cpuMs: null,
    wallMs: null,
    more: {},
    compared: null,
    absent: "not installed",
  };
  const two = [copy, { ...copy, workload: "copy-again" }].map((w) => ({
    ...w,
    contestants: [...w.contestants, absent],
  }));
  expect(benchTable(two).join("\n")).not.toContain("rsync");
  expect(absentLines(two)).toEqual(["  not in copy, copy-again: rsync: not installed"]);
});
