import { expect, test } from "vitest";
import { tinyBench, tookPart } from "../tiny-bench.ts";

test("the same view is listed, looked at and read at every depth", async () => {
  const names = ["readdir-by-layers", "stat-by-layers", "deep-read-by-layers"];
  const results = await tinyBench(names);
  expect(results.map(({ workload }) => workload)).toEqual(names.flatMap((name) => [`${name}-1`, `${name}-3`]));
  for (const who of Object.values(tookPart(results)))
    expect(who).toEqual(expect.arrayContaining(["plain directory", "overlay2", "plain-copy"]));
  expect(results.map(({ growth }) => [growth?.along, growth?.at])).toEqual(
    names.flatMap(() => [
      ["layers", 1],
      ["layers", 3],
    ]),
  );
});
