import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { picture, readBenchResult, readmeTable } from "../../packages/bench/src/report/index.ts";
import { withBenchTable } from "../write-bench-report.ts";

const root = path.resolve(import.meta.dirname, "../..");
/** Of a real run. */
const result = readBenchResult(path.join(root, "packages/bench/test/results/first.json"));
const README = "before\n<!-- bench: made by tools/write-bench-report.ts -->\nold\n<!-- /bench -->\nafter\n";

test("README's table, the picture and the page are the committed result's", () => {
  execFileSync(process.execPath, ["-C", "@copyup/source", "tools/write-bench-report.ts", "--check"], { cwd: root });
});

test("the table has a row for each workload that is no curve: limit, copyup, others, with machine, versions and date", () => {
  const table = readmeTable(result);
  const rows = table.split("\n").filter((line) => line.startsWith("| What"));
  expect(rows).toHaveLength(result.workloads.filter(({ growth }) => growth === null).length);
  expect(rows[1]).toMatch(
    /\| C 14\.5 ms \| fuse-overlayfs 1\.35 ms \(0\.09×\)<br>overlay2 1\.43 ms \(0\.10×\)<br>plain-copy 21\.1 ms \(1\.46×\) \| cp -a 21\.7 ms \(1\.50×\) \|$/,
  );
  const loud = { ...result, workloads: result.workloads.map((one) => ({ ...one, noiseFloor: 0.56 })) };
  const marked = readmeTable(loud)
    .split("\n")
    .filter((line) => line.includes("(noise ±56 %) |"));
  expect(marked).toHaveLength(rows.length);
  const { cpu, kernel, node, date } = result.environment;
  for (const word of [cpu, kernel, node, date.slice(0, 10), "5 interleaved runs", "scale 0.02"])
    expect(table).toContain(word);
});

test("the table stands between the markers and is made once", () => {
  const text = withBenchTable(README, "the table\n") ?? "";
  expect(text).toBe(README.replace("old", "the table"));
  expect(withBenchTable(text, "the table\n")).toBe(text);
  expect(withBenchTable("no markers", "the table\n")).toBeNull();
});

test("the picture loads nothing, has paper of its own, and a panel for each workload with a goal", () => {
  const svg = picture(result);
  expect(svg).not.toMatch(/<script|<image|href=|url\(|@import/);
  expect(svg).toMatch(/<rect class="paper"/);
  expect(svg).toContain("prefers-color-scheme: dark");
  const named = [...svg.matchAll(/class="name"[^>]*>([^<]+)/g)].map(([, name]) => name);
  expect(named).toEqual(["mount-10", "copy"]);
  // Every element that is opened is closed.
  const open: string[] = [];
  for (const [, end, name = "", alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g))
    if (end) expect(open.pop()).toBe(name);
    else if (!alone) open.push(name);
  expect(open).toEqual([]);
});
