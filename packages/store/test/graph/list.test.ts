import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { layerWith, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

/** What this process has worked: the wall clock counts the others' too. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

describe("the graph", () => {
  it("is rebuilt from the layers' directories alone", async () => {
    const ids: string[] = [];
    {
      await using store = await openAt(scratch);
      let parent: string | null = null;
      for (let n = 0; n < 4; n++) {
        parent = (await layerWith(store, parent, { [`f${n}`]: "x" })).id;
        ids.push(parent);
      }
    }
    const copy = path.join(scratch.path, "copy");
    await (await openAt(scratch, undefined, "copy"))[Symbol.asyncDispose]();
    cpSync(path.join(scratch.path, "store/layers"), path.join(copy, "layers"), { recursive: true });
    await using store = await openAt(scratch, undefined, "copy");
    expect((await store.list()).map(({ id }) => id)).toEqual(ids);
    expect((await store.chain(ids[3]!)).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it("sees what another opener has done, at once", async () => {
    await using a = await openAt(scratch);
    await using b = await openAt(scratch);
    const { id } = await a.prepare();
    expect((await b.get(id)).state).toBe("active");
    await a.commit(id);
    expect((await b.get(id)).state).toBe("committed");
    await b.setLabels(id, { k: "v" });
    expect((await a.get(id)).labels).toEqual({ k: "v" });
    await b.remove(id);
    expect(await refusal(a.get(id))).toMatchObject({ code: "NOT_FOUND" });
    expect(await a.list()).toEqual([]);
  });

  it("lists 100 layers in far less than a millisecond each", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, {});
    const record = readFileSync(path.join(store.root, "layers", layer.id, "layer.json"), "utf8");
    for (let n = 0; n < 100; n++) {
      const to = path.join(store.root, "layers", `copy-${n}`);
      cpSync(path.join(store.root, "layers", layer.id), to, { recursive: true });
      const parent = n === 0 ? null : `"copy-${n - 1}"`;
      writeFileSync(
        path.join(to, "layer.json"),
        record.replace(`"id": "${layer.id}"`, `"id": "copy-${n}"`).replace('"parent": null', `"parent": ${parent}`),
      );
    }
    await using fresh = await openAt(scratch);
    const began = cpuMs();
    expect(await fresh.list()).toHaveLength(101);
    const first = cpuMs();
    expect(await fresh.chain("copy-99")).toHaveLength(100);
    const second = cpuMs();
    expect(first - began).toBeLessThan(50);
    expect(second - first).toBeLessThan(20);
  });

  it("names the layer whose parent was deleted by hand; others are usable", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { f: "x" });
    const child = await layerWith(store, base.id, {});
    const other = await layerWith(store, null, {});
    rmSync(path.join(store.root, "layers", base.id), { recursive: true });
    expect(await refusal(store.chain(child.id))).toMatchObject({
      code: "CORRUPT",
      layer: base.id,
      message: expect.stringContaining(child.id),
    });
    expect(await store.get(child.id)).toMatchObject({ id: child.id, chainId: null });
    expect((await store.list()).map(({ id }) => id)).toEqual([child.id, other.id]);
    await store.prepare({ parent: other.id });
    await store.remove(child.id);
  });

  it("with a cycle made by hand is CORRUPT, not endless", async () => {
    await using store = await openAt(scratch);
    const a = await layerWith(store, null, {});
    const b = await layerWith(store, a.id, {});
    const file = path.join(store.root, "layers", a.id, "layer.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"parent": null', `"parent": "${b.id}"`));
    expect(await refusal(store.chain(a.id))).toMatchObject({ code: "CORRUPT" });
    expect(await store.list()).toHaveLength(2);
  });
});
