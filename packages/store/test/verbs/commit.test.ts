import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { takeLock } from "../../src/locks/take-lock.ts";
import { collect, layerWith, openAt, plant, refusal, sha256 } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("commit", () => {
  it("makes a layer committed, with a manifest, and adds labels", async () => {
    await using store = await openAt(scratch);
    const active = await store.prepare({ labels: { a: "1", b: "1" } });
    plant(store.access(active.layer).dir, { f: "x" });
    const layer = await active.commit({ labels: { b: "2" } });
    expect(layer).toMatchObject({ state: "committed", diffId: null, contentId: null, labels: { a: "1", b: "2" } });
    expect(existsSync(path.join(store.root, "layers", layer.id, "manifest"))).toBe(true);
    expect((await store.check()).problems).toEqual([]);
  });

  it("computes the diff id when asked: the digest of the layer's diff", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { f: "x" });
    const active = await store.prepare({ parent: base.id });
    plant(store.access(active.layer).dir, { g: "y" });
    const layer = await active.commit({ diffId: true });
    expect(layer.diffId).toBe(sha256(await collect(store.diff(layer.id))));
    expect(layer.contentId).toBe(layer.diffId);
  });

  it.each(["none", "data"] as const)("works with durability %s", async (durability) => {
    await using store = await openAt(scratch);
    const { id } = await store.prepare();
    expect((await store.commit(id, { durability })).state).toBe("committed");
  });

  it("of a committed, unknown or badly named layer is refused", async () => {
    await using store = await openAt(scratch);
    const { id } = await layerWith(store, null, {});
    expect(await refusal(store.commit(id))).toMatchObject({ code: "NOT_ACTIVE", layer: id });
    expect(await refusal(store.commit("nobody"))).toMatchObject({ code: "NOT_FOUND", layer: "nobody" });
    expect(await refusal(store.commit(".."))).toMatchObject({ code: "BAD_ID" });
  });

  it("leaves the layer active when aborted", async () => {
    await using store = await openAt(scratch);
    const active = await store.prepare();
    plant(
      store.access(active.layer).dir,
      Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`f${n}`, "content"])),
    );
    const abort = new AbortController();
    const refused = refusal(store.commit(active.id, { signal: abort.signal, onProgress: () => abort.abort() }));
    expect(await refused).toMatchObject({ code: "ABORTED", layer: active.id });
    expect((await store.get(active.id)).state).toBe("active");
    expect((await store.commit(active.id)).state).toBe("committed");
    expect(readdirSync(path.join(store.root, "scratch"))).toHaveLength(2);
  });

  it("by somebody else is named to who comes meanwhile, who need not wait for it", async () => {
    await using store = await openAt(scratch);
    const { id } = await store.prepare();
    const lock = await takeLock(path.join(store.root, "layers", id, "state.lock"), {
      kind: "exclusive",
      note: "commit by pid 4711",
    });
    for (const verb of [
      () => store.commit(id),
      () => store.mount(id),
      () => store.remove(id),
      () => store.setLabels(id, { a: "b" }),
    ]) {
      expect(await refusal(verb())).toMatchObject({
        code: "LAYER_IN_USE",
        layer: id,
        message: expect.stringContaining("pid 4711"),
      });
    }
    lock?.release();
    await store.commit(id);
  });
});
