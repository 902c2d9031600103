import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Progress } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { layerWith, openAt, plant, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("prepare", () => {
  it("makes an active layer that shows its parent", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { "d/f": "lower" });
    await using active = await store.prepare({ parent: base.id, labels: { name: "x" } });
    expect(active.layer).toMatchObject({
      state: "active",
      parent: base.id,
      driver: "plain-copy",
      dialect: "tree",
      diffId: null,
      labels: { name: "x" },
    });
    expect(readFileSync(path.join(store.access(active.layer).dir, "d/f"), "utf8")).toBe("lower");
    expect(await store.get(active.id)).toEqual(active.layer);
  });

  it("is rolled back by disposing without commit, and kept by a commit", async () => {
    await using store = await openAt(scratch);
    {
      await using _ = await store.prepare({ id: "gone" });
      await using kept = await store.prepare({ id: "kept" });
      await kept.commit();
    }
    expect((await store.list()).map(({ id }) => id)).toEqual(["kept"]);
    expect(readdirSync(path.join(store.root, "trash"))).toEqual([]);
  });

  it("is kept too when another hand committed it", async () => {
    await using store = await openAt(scratch);
    {
      await using active = await store.prepare({ id: "one" });
      await store.commit(active.id);
    }
    expect((await store.get("one")).state).toBe("committed");
  });

  it("made earlier can be taken hold of, and disposing then leaves it", async () => {
    await using store = await openAt(scratch);
    const { id } = await store.prepare();
    {
      await using active = await store.active(id);
      expect(active.layer.state).toBe("active");
    }
    expect((await store.get(id)).state).toBe("active");
    await store.commit(id);
    expect(await refusal(store.active(id))).toMatchObject({ code: "NOT_ACTIVE", layer: id });
  });

  it.each([
    [{ parent: "nobody" }, "PARENT_NOT_FOUND"],
    [{ parent: "act" }, "NOT_COMMITTED"],
    [{ parent: "../act" }, "BAD_ID"],
    [{ id: "act" }, "EXISTS"],
    [{ id: "a/b" }, "BAD_ID"],
    [{ labels: { "": "x" } }, "BAD_OPTION"],
  ])("of %j is refused with %s and leaves nothing", async (options, code) => {
    await using store = await openAt(scratch);
    await store.prepare({ id: "act" });
    expect(await refusal(store.prepare(options))).toMatchObject({ code, op: "prepare", driver: "plain-copy" });
    expect(readdirSync(path.join(store.root, "layers"))).toEqual(["act"]);
    expect(readdirSync(path.join(store.root, "staging"))).toEqual([]);
  });

  it("gives one of two who want the same id EXISTS", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { f: "x" });
    const results = await Promise.allSettled([1, 2, 3].map(() => store.prepare({ id: "same", parent: base.id })));
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "EXISTS", layer: "same" });
    expect(readdirSync(path.join(store.root, "staging"))).toEqual([]);
  });

  it("is aborted within 100 ms, with progress until then, and rolled back", async () => {
    await using store = await openAt(scratch);
    const active = await store.prepare();
    const { dir } = store.access(active.layer);
    for (let d = 0; d < 40; d++)
      plant(dir, Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`d${d}/f${n}`, "content"])));
    const base = await active.commit({ durability: "none" });
    const abort = new AbortController();
    const seen: Progress[] = [];
    let abortedAt = 0;
    const onProgress = (progress: Progress) => {
      seen.push(progress);
      if (abortedAt === 0 && progress.entries > 500) {
        abortedAt = performance.now();
        abort.abort();
      }
    };
    // What is staged has to go too, which takes as long as it takes; the abort itself is seen at once.
    const refused = await refusal(store.prepare({ parent: base.id, signal: abort.signal, onProgress }));
    expect(refused).toMatchObject({ code: "ABORTED" });
    expect(abortedAt).toBeGreaterThan(0);
    expect(seen.at(-1)!.entries).toBeLessThan(10_000);
    expect(readdirSync(path.join(store.root, "staging"))).toEqual([]);
    expect((await store.list()).map(({ id }) => id)).toEqual([base.id]);
  });

  it("keeps the order of layers made in the same millisecond", async () => {
    await using store = await openAt(scratch);
    const ids = ["z", "m", "a", "Z", "b"];
    for (const id of ids) await store.prepare({ id });
    expect((await store.list()).map(({ id }) => id)).toEqual(ids);
  });
});
