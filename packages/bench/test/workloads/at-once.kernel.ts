import { expect, test } from "vitest";
import { median, tinyBench, tookPart } from "../tiny-bench.ts";

const NAMES = ["containers-at-once", "container-commands-at-once", "apply-at-once"];

test("what is done at once leaves every layer and no mount, in one process and by commands; each run looks", async () => {
  const results = await tinyBench(NAMES);
  expect(results.map(({ workload }) => workload)).toEqual(NAMES.flatMap((name) => [`${name}-1`, `${name}-3`]));
  const part = tookPart(results);
  expect(part["containers-at-once-3"]).toEqual(expect.arrayContaining(["overlay2", "plain-copy"]));
  expect(part["container-commands-at-once-3"]).toEqual(["copyup (overlay2)"]);
  expect(part["apply-at-once-3"]).toEqual(
    expect.arrayContaining(["overlay2", "plain-copy", "copyup (overlay2)", "GNU tar"]),
  );
  // The same bytes reach the disk, however many are at it.
  const written = (at: number) => median(results, `apply-at-once-${at}`, "overlay2", "diskBytes");
  expect(written(3) / written(1)).toBeCloseTo(1, 0);
}, 240_000);
