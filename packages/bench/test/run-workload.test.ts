import { runWorkload } from "@copyup/bench";
import { expect, test } from "vitest";

test("every contestant runs once a round, the reference twice, interleaved, the first round unmeasured", async () => {
  const order: string[] = [];
  const contestant = (name: string) => ({ name, role: "ours" as const, run: () => void order.push(name) });
  const result = await runWorkload(
    {
      name: "w",
      question: "?",
      fairness: "",
      runs: 2,
      contestants: [
        contestant("a"),
        contestant("b"),
        { name: "c", role: "peer", absent: "not here", run: async () => {} },
      ],
    },
    { signal: new AbortController().signal },
  );
  expect(order).toEqual(["a", "b", "a", "b", "a", "a", "a", "a", "b"]);
  expect(result.reference).toBe("a");
  expect(result.contestants.map((c) => [c.name, c.cpuMs?.runs ?? null, c.absent])).toEqual([
    ["a", 4, null],
    ["b", 2, null],
    ["c", null, "not here"],
  ]);
});

test("an abort ends it", async () => {
  const abort = new AbortController();
  const run = async () => abort.abort(new Error("enough"));
  await expect(
    runWorkload(
      { name: "w", question: "?", fairness: "", runs: 9, contestants: [{ name: "a", role: "ours", run }] },
      {
        signal: abort.signal,
      },
    ),
  ).rejects.toThrow("enough");
});

test("who fails is left out with the reason, tidied up after, and the others go on with another reference", async () => {
  const tidied: string[] = [];
  const result = await runWorkload(
    {
      ...{ name: "w", question: "?", fairness: "", runs: 2 },
      contestants: [
        {
          ...{ name: "wrong", role: "limit", run: () => {}, after: () => void tidied.push("wrong") },
          verify: () => {
            throw new Error("a file is missing");
          },
        },
        { name: "right", role: "ours", run: () => {} },
      ],
    },
    { signal: new AbortController().signal },
  );
  expect(tidied).toEqual(["wrong"]);
  expect(result.contestants.map((c) => [c.name, c.cpuMs?.runs ?? null, c.absent, c.failed ?? false])).toEqual([
    ["wrong", null, "failed: a file is missing", true],
    ["right", 2, null, false],
  ]);
  expect(result.reference).toBe("right");
});

test("the reference's median is of both its series, and the ratios are against what is told", async () => {
  const sizes = { a: [1, 9, 2, 8, 3, 7], b: [10, 10, 10, 10] };
  const given = { a: 0, b: 0 };
  const contestant = (name: "a" | "b") => ({
    ...{ name, role: "ours" as const },
    run: () => ({ peakBytes: sizes[name][given[name]++ % sizes[name].length]! }),
  });
  const { contestants } = await runWorkload(
    {
      ...{ name: "w", question: "?", fairness: "", runs: 2, asks: "peakBytes" },
      contestants: ["a", "b"].map((name) => contestant(name as "a" | "b")),
    },
    { signal: new AbortController().signal },
  );
  const [a, b] = contestants;
  // The first two were the unmeasured round's.
  expect(a?.more.peakBytes).toMatchObject({ median: 5, runs: 4, min: 2, max: 8 });
  expect(b?.compared?.ratio).toBe(b!.more.peakBytes!.median / a!.more.peakBytes!.median);
});
