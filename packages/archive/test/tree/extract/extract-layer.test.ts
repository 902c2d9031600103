import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "@copyup/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { extractLayer } from "../../../src/tree/extract/index.ts";
import { openBelow } from "../support/open-below.ts";
import { dir, file, hardlink, mark, names, symlink } from "./entries.ts";
import { snapshot } from "./snapshot.ts";
import { type TestEntry, tarOf } from "./tar-of.ts";

/** Nothing here needs root: all belongs to whoever runs it. */
const own = { uid: process.geteuid!(), gid: process.getegid!() };
const root = dir("", { ...own, mode: 0o755 });

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "copyup-extract-"));
});
afterEach(() => {
  expect(openBelow(scratch)).toEqual([]);
  rmSync(scratch, { recursive: true });
});

function fresh(): string {
  return mkdtempSync(path.join(scratch, "layer-"));
}

async function extract(
  entries: readonly TestEntry[],
  below: string | null = null,
  o: Parameters<typeof extractLayer>[2] = {},
) {
  const target = fresh();
  const parts = below === null ? null : [{ dir: below, dialect: "tree" as const }];
  const result = await extractLayer([tarOf(entries)], { dir: target, dialect: "tree", below: parts }, o);
  return { target, ...result };
}

test("an own archive becomes a tree, with the numbers and the digest of it", async () => {
  const entries = [root, dir("d", own), file("d/f", "content", own), hardlink("d/g", "d/f"), symlink("s", "d", own)];
  const { target, ...result } = await extract(entries);
  expect(names(snapshot(target))).toEqual([".", "d", "d/f", "d/g", "s"]);
  expect(result).toMatchObject({ entries: 5, bytes: 7, losses: { counts: {} } });
  expect(result.diffId).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(result.compressedDigest).toBe(result.diffId);
});

test("a layer completes itself from the tree below, without what it deletes", async () => {
  const base = await extract([root, dir("d", own), file("d/a", "a", own), file("d/b", "b", own), file("x", "x", own)]);
  const { target } = await extract([root, dir("d", own), mark("d/.wh.a"), file("x", "new", own)], base.target);
  const shown = snapshot(target);
  expect(names(shown)).toEqual([".", "d", "d/b", "x"]);
  expect(shown.x?.data).toBe("new");
});

test("the umask of the process takes nothing away, and is as it was", async () => {
  const before = process.umask(0o077);
  try {
    const { target } = await extract([root, file("f", "", { ...own, mode: 0o666 }), dir("d", { ...own, mode: 0o777 })]);
    expect(snapshot(target).f?.mode).toBe("666");
    expect(snapshot(target).d?.mode).toBe("777");
    expect(process.umask()).toBe(0o077);
  } finally {
    process.umask(before);
  }
});

test("the umask is as it was after an error too", async () => {
  const before = process.umask(0o027);
  try {
    await expect(extract([root, file("../x")])).rejects.toMatchObject({ code: "BAD_ARCHIVE" });
    expect(process.umask()).toBe(0o027);
  } finally {
    process.umask(before);
  }
});

/** The same files again and again, without end. */
async function* endless() {
  const files = tarOf(Array.from({ length: 500 }, (_, i) => file(`f${i}`, "x", own))).subarray(0, -1024);
  for (;;) yield files;
}

test("an abort ends it soon, with the caller's reason as the cause", async () => {
  const controller = new AbortController();
  const extraction = extractLayer(
    endless(),
    { dir: fresh(), dialect: "tree", below: null },
    { signal: controller.signal },
  );
  await sleep(100);
  const reason = new Error("enough");
  const aborted = performance.now();
  controller.abort(reason);
  await expect(extraction).rejects.toMatchObject({ code: "ABORTED", cause: reason });
  expect(performance.now() - aborted).toBeLessThan(500);
});

test("an abort does not wait for a source that says nothing", async () => {
  const controller = new AbortController();
  async function* silent() {
    yield tarOf([root]).subarray(0, 512);
    await new Promise(() => {});
  }
  const extraction = extractLayer(
    silent(),
    { dir: fresh(), dialect: "tree", below: null },
    { signal: controller.signal },
  );
  await sleep(20);
  controller.abort();
  await expect(extraction).rejects.toMatchObject({ code: "ABORTED" });
});

test("a signal that is aborted already leaves the directory as it is", async () => {
  const target = fresh();
  const extraction = extractLayer(
    [tarOf([root])],
    { dir: target, dialect: "tree", below: null },
    { signal: AbortSignal.abort() },
  );
  await expect(extraction).rejects.toMatchObject({ code: "ABORTED" });
});

test("others get their turn, and progress is told at most ten times a second", async () => {
  const reports: Progress[] = [];
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const controller = new AbortController();
  const started = performance.now();
  const options = { signal: controller.signal, onProgress: (progress: Progress) => void reports.push(progress) };
  const extraction = extractLayer(endless(), { dir: fresh(), dialect: "tree", below: null }, options);
  await sleep(350);
  controller.abort();
  await expect(extraction).rejects.toMatchObject({ code: "ABORTED" });
  clearInterval(timer);
  const tenths = (performance.now() - started) / 100;
  expect(reports.length).toBeGreaterThan(0);
  expect(reports.length).toBeLessThanOrEqual(tenths + 1);
  expect(reports.at(-1)).toMatchObject({ phase: "extract", entries: expect.any(Number) });
  expect(reports.at(-1)!.entries).toBeGreaterThan(100);
  expect(turns).toBeGreaterThan(5);
});

test("an error of the source comes through", async () => {
  async function* failing() {
    yield tarOf([root]).subarray(0, 512);
    throw new Error("the network is gone");
  }
  await expect(extractLayer(failing(), { dir: fresh(), dialect: "tree", below: null })).rejects.toThrow(
    "the network is gone",
  );
});

test("the source is closed on any error, were it before its first byte", async () => {
  const target = fresh();
  for (const [at, code] of [
    [path.join(target, "nowhere"), "IO"],
    [target, "BAD_ARCHIVE"],
  ] as const) {
    const source = Readable.from([Buffer.alloc(512, "no tar"), Buffer.alloc(512)], { objectMode: false });
    await expect(extractLayer(source, { dir: at, dialect: "tree", below: null })).rejects.toMatchObject({ code });
    expect(source.destroyed).toBe(true);
  }
});

test("memory does not grow with the content", async () => {
  const chunk = Buffer.alloc(1 << 20, 7);
  const header = tarOf([file("large", Buffer.alloc(64 << 20), own)]).subarray(0, 512);
  async function* rewritten() {
    yield tarOf([root]).subarray(0, 512);
    for (let copy = 0; copy < 6; copy++) {
      yield header;
      for (let at = 0; at < 64; at++) yield chunk;
    }
    yield Buffer.alloc(1024);
  }
  globalThis.gc?.();
  const before = process.memoryUsage();
  let most = 0;
  const watch = setInterval(() => {
    const { rss } = process.memoryUsage();
    most = Math.max(most, rss - before.rss);
  }, 5);
  const result = await extractLayer(rewritten(), { dir: fresh(), dialect: "tree", below: null });
  clearInterval(watch);
  expect(result.bytes).toBe(6 * (64 << 20));
  expect(most).toBeLessThan(64 << 20);
});
