import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runWorkload } from "@copyup/bench";
import { cachedBytes, dropCached, syncFilesystem } from "@copyup/linux";
import { expect, test } from "vitest";

/** statfs(2). */
const TMPFS_MAGIC = 0x01021994;

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

test("what a run reads is in the page cache when it begins, wherever the pages went since its last run", async (context) => {
  // Not the temporary directory, which may be a tmpfs: its pages cannot be dropped.
  const dir = mkdtempSync(path.join(import.meta.dirname, "cached-"));
  if (statfsSync(dir).type === TMPFS_MAGIC) {
    rmSync(dir, { recursive: true });
    context.skip("a tmpfs keeps its files' pages");
  }
  const tree = path.join(dir, "tree");
  const files = [path.join(dir, "archive"), path.join(tree, "below", "file")];
  const size = 1 << 20;
  const withFile = <T>(file: string, use: (fd: number) => T): T => {
    const fd = openSync(file, "r");
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  };
  const cached: number[][] = [];
  const run = () => {
    cached.push(files.map((file) => withFile(file, (fd) => cachedBytes(fd, size))));
    for (const file of files) withFile(file, dropCached);
  };
  try {
    mkdirSync(path.join(tree, "below"), { recursive: true });
    for (const file of files) writeFileSync(file, Buffer.alloc(size, "x"));
    await syncFilesystem(dir);
    const contestants = [
      { name: "told", role: "ours" as const, reads: [files[0]!, tree], run },
      { name: "not told", role: "peer" as const, run },
    ];
    await runWorkload(
      { name: "w", question: "?", fairness: "", runs: 1, contestants },
      { signal: new AbortController().signal },
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
  const [all, none] = [
    [size, size],
    [0, 0],
  ];
  // told, not told, told; then a round that begins with the second.
  expect(cached).toEqual([all, none, all, none, all, all]);
});
