import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { layerWith, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("remove", () => {
  it("of a parent names its children", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { f: "x" });
    const child = await layerWith(store, base.id, {});
    const active = await store.prepare({ parent: base.id });
    const refused = await refusal(store.remove(base.id));
    expect(refused).toMatchObject({ code: "LAYER_IN_USE", layer: base.id });
    expect(refused.message).toContain(child.id);
    expect(refused.message).toContain(active.id);
    for (const id of [child.id, active.id, base.id]) await store.remove(id);
    expect(await store.list()).toEqual([]);
    for (const room of ["layers", "trash", "staging"]) expect(readdirSync(path.join(store.root, room))).toEqual([]);
  });

  it("of an unknown layer is NOT_FOUND, of no layer id BAD_ID", async () => {
    await using store = await openAt(scratch);
    expect(await refusal(store.remove("nobody"))).toMatchObject({ code: "NOT_FOUND" });
    expect(await refusal(store.remove("../layers"))).toMatchObject({ code: "BAD_ID" });
  });

  it("waits for nothing while a child is being built: it is refused, and the child is whole", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(
      store,
      null,
      Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`f${n}`, "x"])),
    );
    const building = store.prepare({ parent: base.id });
    const refused = await refusal(store.remove(base.id));
    expect(refused).toMatchObject({ code: "LAYER_IN_USE" });
    const child = await building;
    expect(readdirSync(store.access(child.layer).dir)).toHaveLength(2000);
  });

  it("takes what is left of a layer whose record is bad or gone", async () => {
    await using store = await openAt(scratch);
    const [bad, gone] = [await layerWith(store, null, { f: "x" }), await layerWith(store, null, { f: "x" })];
    writeFileSync(path.join(store.root, "layers", bad.id, "layer.json"), "{");
    rmSync(path.join(store.root, "layers", gone.id, "layer.json"));
    expect(await refusal(store.get(bad.id))).toMatchObject({ code: "CORRUPT", layer: bad.id });
    expect(await refusal(store.get(gone.id))).toMatchObject({ code: "CORRUPT", layer: gone.id });
    await store.remove(bad.id);
    await store.remove(gone.id);
    expect(readdirSync(path.join(store.root, "layers"))).toEqual([]);
  });

  it("does nothing with a signal that is set", async () => {
    await using store = await openAt(scratch);
    const { id } = await layerWith(store, null, { f: "x" });
    expect(await refusal(store.remove(id, { signal: AbortSignal.abort() }))).toMatchObject({
      code: "ABORTED",
      layer: id,
    });
    expect(existsSync(path.join(store.root, "layers", id, "body/tree/f"))).toBe(true);
  });
});
