import { expect, test } from "vitest";
import { median, tinyBench, tookPart } from "../tiny-bench.ts";

test("the same questions are put to trees of every size, and larger trees take more of the disk", async () => {
  const names = ["apply", "diff", "changes", "copy"].map((name) => `${name}-by-files`);
  const results = await tinyBench(names);
  expect(results.map(({ workload }) => workload)).toEqual(names.flatMap((name) => [`${name}-50`, `${name}-200`]));
  for (const who of Object.values(tookPart(results)))
    expect(who).toEqual(expect.arrayContaining(["overlay2", "plain-copy"]));
  const inodes = (at: number) => median(results, `apply-by-files-${at}`, "overlay2", "inodes");
  expect(inodes(50)).toBeGreaterThan(40);
  expect(inodes(200) / inodes(50)).toBeGreaterThan(3);
  const copied = (name: string) => median(results, "copy-by-files-200", name, "inodes");
  expect(copied("plain-copy")).toBeGreaterThan(180);
  expect(copied("overlay2")).toBeLessThan(20);
});
