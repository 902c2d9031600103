import { describe, expect, it } from "vitest";
import { layerWith, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("lend", () => {
  it("gives the plan and keeps the layer in use until release, over restarts", async () => {
    await using store = await openAt(scratch);
    const { id } = await store.prepare();
    const plan = await store.lend(id, "rw");
    expect(plan).toEqual(await store.explain(id, "rw"));
    expect(await store.lend(id, "rw")).toEqual(plan);
    expect(await store.mounts()).toEqual([expect.objectContaining({ layer: id, owner: "lent", mode: "rw" })]);
    await using again = await openAt(scratch);
    await again.gc();
    for (const verb of [
      () => again.commit(id),
      () => again.remove(id),
      () => again.lend(id, "ro"),
      () => again.mount(id),
    ]) {
      expect(await refusal(verb())).toMatchObject({
        code: "LAYER_IN_USE",
        layer: id,
        message: expect.stringContaining("lent"),
      });
    }
    await again.release(id);
    await again.release(id);
    await again.commit(id);
  });

  it("lends a committed layer read-only, to several", async () => {
    await using store = await openAt(scratch);
    const { id } = await layerWith(store, null, { f: "x" });
    expect(await refusal(store.lend(id, "rw"))).toMatchObject({ code: "NOT_ACTIVE", layer: id });
    await store.lend(id, "ro");
    await store.lend(id, "ro");
    expect(await refusal(store.remove(id))).toMatchObject({ code: "LAYER_IN_USE" });
    await store.release(id);
    await store.remove(id);
  });

  it("explains without using: rw of an active layer, ro of a committed one", async () => {
    await using store = await openAt(scratch);
    const { id } = await store.prepare();
    expect((await store.explain(id)).steps).toHaveLength(1);
    await store.commit(id);
    expect(await refusal(store.explain(id, "rw"))).toMatchObject({ code: "NOT_ACTIVE" });
    await store.explain(id);
    expect(await store.mounts()).toEqual([]);
  });
});
