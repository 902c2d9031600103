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
    ["a", 2, null],
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
