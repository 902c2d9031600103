import { readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openAt, refusal, sha256, tarOf } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();
const left = (root: string) => ["layers", "staging"].flatMap((room) => readdirSync(path.join(root, room)));

describe("apply", () => {
  it("makes a committed layer whose diff id is that of the archive's own bytes", async () => {
    await using store = await openAt(scratch);
    const tar = tarOf(scratch, { "d/f": "content", g: "" });
    const { layer, diffId, entries, bytes, lost } = await store.apply([gzipSync(tar)], { labels: { from: "tar" } });
    expect(diffId).toBe(sha256(tar));
    expect(layer).toMatchObject({
      state: "committed",
      parent: null,
      diffId,
      contentId: null,
      chainId: diffId,
      labels: { from: "tar" },
      lost: {},
    });
    expect({ entries, bytes, lost }).toEqual({ entries: 4, bytes: 7, lost: {} });
    expect((await store.check()).problems).toEqual([]);
  });

  it("on a parent gives OCI's chain id", async () => {
    await using store = await openAt(scratch);
    const [a, b] = [tarOf(scratch, { a: "1" }), tarOf(scratch, { b: "2" })];
    const base = (await store.apply([a])).layer;
    const { layer } = await store.apply([b], { parent: base.id });
    expect(layer.chainId).toBe(sha256(Buffer.from(`${sha256(a)} ${sha256(b)}`)));
    expect((await store.get(layer.id)).chainId).toBe(layer.chainId);
    expect((await store.list()).map(({ chainId }) => chainId)).toEqual([base.chainId, layer.chainId]);
    expect((await store.chain(layer.id)).map(({ id }) => id)).toEqual([layer.id, base.id]);
  });

  it.each([
    ["truncated", (tar: Buffer) => [tar.subarray(0, 1000)], {}, "BAD_ARCHIVE"],
    ["garbage", () => [Buffer.alloc(1024, 7)], {}, "BAD_ARCHIVE"],
    ["another's", (tar: Buffer) => [tar], { expectDiffId: `sha256:${"0".repeat(64)}` }, "CORRUPT"],
    ["on nobody", (tar: Buffer) => [tar], { parent: "nobody" }, "PARENT_NOT_FOUND"],
  ])("of an archive that is %s leaves nothing", async (_, source, options, code) => {
    await using store = await openAt(scratch);
    const tar = tarOf(scratch, { "some/file": "x".repeat(5000) });
    expect(await refusal(store.apply(source(tar), { ...options, id: "new" }))).toMatchObject({
      code,
      driver: "plain-copy",
    });
    expect(left(store.root)).toEqual([]);
    // The id is free.
    await store.apply([tar], { id: "new" });
  });

  it("passes the source's own error through and leaves nothing", async () => {
    await using store = await openAt(scratch);
    const tar = tarOf(scratch, { "some/file": "x".repeat(5000) });
    const broken = async function* () {
      yield tar.subarray(0, 2048);
      throw new TypeError("the network is down");
    };
    await expect(store.apply(broken())).rejects.toThrow("the network is down");
    expect(left(store.root)).toEqual([]);
  });

  it("is aborted within 100 ms, while it waits for its source too", async () => {
    await using store = await openAt(scratch);
    const tar = tarOf(scratch, { "some/file": "x".repeat(5000) });
    const slow = async function* () {
      yield tar.subarray(0, 2048);
      await sleep(3000);
    };
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const began = performance.now();
    expect(await refusal(store.apply(slow(), { signal: abort.signal }))).toMatchObject({ code: "ABORTED" });
    expect(performance.now() - began).toBeLessThan(50 + 150);
    expect(left(store.root)).toEqual([]);
  });
});
