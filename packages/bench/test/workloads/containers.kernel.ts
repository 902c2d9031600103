import type { WorkloadResult } from "@copyup/bench";
import { beforeAll, expect, test } from "vitest";
import { median, tinyBench, tookPart } from "../tiny-bench.ts";

/** On xfs, which shares blocks between files. */
let results: readonly WorkloadResult[];
beforeAll(async () => {
  results = await tinyBench(["page-cache", "disk-by-containers", "start-by-containers"]);
});

test("each is asked for every number of containers, of cp and of the drivers", () => {
  const names = ["disk-by-containers", "start-by-containers"].flatMap((name) => [`${name}-1`, `${name}-3`]);
  const part = tookPart(results);
  expect(Object.keys(part)).toEqual(["page-cache", ...names]);
  for (const who of Object.values(part))
    expect(who).toEqual(expect.arrayContaining(["cp -a", "cp --reflink", "overlay2", "plain-copy"]));
});

test("overlay's second container caches nothing more; copies cache all of it again, also where they share the blocks", () => {
  const cached = (contestant: string) => median(results, "page-cache", contestant, "cachedBytes");
  const image = cached("cp -a");
  expect(image).toBeGreaterThan(1_000_000);
  expect(cached("overlay2")).toBe(0);
  expect(cached("plain-copy")).toBe(image);
  expect(cached("cp --reflink")).toBe(image);
});

test("containers on overlay take next to nothing of the disk; copies their whole size, or with shared blocks their inodes", () => {
  const [disk, inodes] = (["diskBytes", "inodes"] as const).map(
    (figure) => (name: string, at: number) => median(results, `disk-by-containers-${at}`, name, figure),
  ) as [(name: string, at: number) => number, (name: string, at: number) => number];
  expect(disk("overlay2", 3)).toBeLessThan(disk("cp -a", 1) / 5);
  expect(inodes("overlay2", 3)).toBeLessThan(100);
  expect(disk("cp -a", 3) / disk("cp -a", 1)).toBeCloseTo(3, 0);
  expect(disk("cp --reflink", 3)).toBeLessThan(disk("cp -a", 3) / 2);
  expect(disk("plain-copy", 3)).toBeLessThan(disk("cp -a", 3) / 2);
  for (const name of ["cp -a", "cp --reflink", "plain-copy"]) expect(inodes(name, 3)).toBeGreaterThan(3 * 400);
});

test("one more container on overlay is made without writing the image again", () => {
  const written = (name: string) => median(results, "start-by-containers-3", name, "writtenBytes");
  expect(written("overlay2")).toBeLessThan(written("cp -a") / 5);
});
