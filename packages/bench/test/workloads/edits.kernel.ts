import type { WorkloadResult } from "@copyup/bench";
import { beforeAll, expect, test } from "vitest";
import { median, tinyBench, tookPart } from "../tiny-bench.ts";

const SIZE = 1 << 20;
let results: readonly WorkloadResult[];
beforeAll(async () => {
  results = await tinyBench([
    "append-storm",
    "delete-storm",
    "rename-storm",
    "commit",
    "first-write-by-bytes",
    "chmod-by-bytes",
  ]);
});

test("every driver takes part in each, and the storms are held against a plain directory", () => {
  const part = tookPart(results);
  expect(Object.keys(part)).toHaveLength(4 + 2 * 2);
  const { commit, ...others } = part;
  for (const who of Object.values(others)) expect(who).toEqual(expect.arrayContaining(["overlay2", "plain-copy"]));
  expect(part["append-storm"]).toContain("plain directory");
  expect(commit).toEqual(expect.arrayContaining(["overlay2, no sync", "plain-copy, synced, with diff id"]));
});

test("a deletion frees inodes in a copy, and takes one in a layer above", () => {
  const inodes = (name: string) => median(results, "delete-storm", name, "inodes");
  expect(inodes("plain directory")).toBeLessThan(-100);
  expect(inodes("plain-copy")).toBeLessThan(-100);
  // One whiteout device, linked for each name (since 5.9), and the directories copied up.
  expect(inodes("overlay2")).toBeGreaterThan(0);
});

test("an append leaves as many inodes in a copy, and takes one a file in a layer above", () => {
  const inodes = (name: string) => median(results, "append-storm", name, "inodes");
  expect(Math.abs(inodes("plain-copy"))).toBeLessThan(20);
  expect(inodes("overlay2")).toBeGreaterThan(300);
});

test("the first byte into a large file costs a copy of it, which shares its blocks where cp can", () => {
  const written = (workload: string, name: string) => median(results, `${workload}-${SIZE}`, name, "writtenBytes");
  expect(written("first-write-by-bytes", "cp")).toBeGreaterThanOrEqual(SIZE);
  expect(written("first-write-by-bytes", "cp --reflink")).toBeLessThan(SIZE / 2);
  expect(written("first-write-by-bytes", "overlay2")).toBeLessThan(SIZE / 2);
  expect(written("chmod-by-bytes", "overlay2")).toBeLessThan(SIZE / 2);
});
