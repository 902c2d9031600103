import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { collect, gather, layerWith, openAt, plant, refusal, sha256, tarOf } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("diff", () => {
  it("of a layer made here gives it its diff id, the first time; every time the same bytes", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { "d/f": "x", g: "y" });
    expect(layer.diffId).toBeNull();
    const diff = store.diff(layer.id);
    const bytes = await collect(diff);
    expect(await diff.digest).toBe(sha256(bytes));
    expect(await store.get(layer.id)).toMatchObject({
      diffId: sha256(bytes),
      contentId: sha256(bytes),
      chainId: sha256(bytes),
    });
    expect(await collect(store.diff(layer.id))).toEqual(bytes);
  });

  it("of an applied layer gives it its content id; the diff id stays its archive's", async () => {
    await using store = await openAt(scratch);
    const tar = tarOf(scratch, { "d/f": "x" });
    const { layer } = await store.apply([tar]);
    const canonical = await collect(store.diff(layer.id));
    expect(await store.get(layer.id)).toMatchObject({ diffId: sha256(tar), contentId: sha256(canonical) });
    const again = await store.apply([canonical]);
    expect(await collect(store.diff(again.layer.id))).toEqual(canonical);
  });

  it("of an active layer is what it holds now, and no id is kept", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { a: "1", b: "1" });
    const active = await store.prepare({ parent: base.id });
    const { dir } = store.access(active.layer);
    expect((await collect(store.diff(active.id))).length).toBe(1024);
    plant(dir, { c: "new" });
    rmSync(path.join(dir, "a"));
    const changes = await gather(store.changes(active.id));
    expect(changes.map(({ kind, path }) => `${kind} ${Buffer.from(path)}`)).toEqual(["modify ", "delete a", "add c"]);
    await collect(store.diff(active.id));
    expect(await store.get(active.id)).toMatchObject({ diffId: null, contentId: null });
  });

  it("that is not read to its end frees everything, and its digest fails", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { big: "x".repeat(3_000_000) });
    const diff = store.diff(layer.id);
    for await (const _ of diff) break;
    await expect(diff.digest).rejects.toMatchObject({ code: "ABORTED" });
    await store.remove(layer.id);
  });

  it("is read once", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { f: "x" });
    const diff = store.diff(layer.id);
    await collect(diff);
    await expect(collect(diff)).rejects.toThrow(TypeError);
  });

  it("keeps the layer from being removed, and the refusal names who reads", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { big: "x".repeat(3_000_000) });
    const reading = store.diff(layer.id)[Symbol.asyncIterator]();
    await reading.next();
    expect(await refusal(store.remove(layer.id))).toMatchObject({
      code: "LAYER_IN_USE",
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    await reading.return?.();
    await store.remove(layer.id);
  });

  it("notices that a committed layer was changed by hand", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { f: "x" });
    await collect(store.diff(layer.id));
    writeFileSync(path.join(store.access(layer).dir, "f"), "y");
    expect(await refusal(collect(store.diff(layer.id)))).toMatchObject({ code: "CORRUPT", layer: layer.id });
  });

  it("of an unknown or badly named layer is refused, also by the digest", async () => {
    await using store = await openAt(scratch);
    const diff = store.diff("nobody");
    expect(await refusal(collect(diff))).toMatchObject({ code: "NOT_FOUND", layer: "nobody" });
    expect(await refusal(diff.digest)).toMatchObject({ code: "NOT_FOUND" });
    expect(await refusal(collect(store.diff("../x")))).toMatchObject({ code: "BAD_ID" });
    expect(await refusal(gather(store.changes("../x")))).toMatchObject({ code: "BAD_ID" });
  });

  it("is aborted between two pieces", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { big: "x".repeat(5_000_000) });
    const abort = new AbortController();
    const read = async () => {
      for await (const _ of store.diff(layer.id, { signal: abort.signal })) abort.abort();
    };
    expect(await refusal(read())).toMatchObject({ code: "ABORTED", layer: layer.id });
    await store.remove(layer.id);
  });
});
