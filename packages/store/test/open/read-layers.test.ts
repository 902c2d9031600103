import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { driver as plainCopy } from "@copyup/plain-copy";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/index.ts";
import { readLayers } from "../../src/records.ts";
import { layerWith, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();
const root = () => path.join(scratch.path, "store");

describe("reading a store's records without its driver", () => {
  it("gives what the opened store lists, and leaves everything as it lies", async () => {
    await using store = await openStore({ root: root(), driver: plainCopy, create: true });
    const base = await layerWith(store, null, { f: "x" });
    await layerWith(store, base.id, { g: "y" });
    const before = readdirSync(root(), { recursive: true }).sort();
    expect(await readLayers(root())).toEqual({ driver: "plain-copy", layers: await store.list() });
    expect(readdirSync(root(), { recursive: true }).sort()).toEqual(before);
  });

  it("says where there is no store, and names a newer one's format", async () => {
    expect(await refusal(readLayers(root()))).toMatchObject({ code: "NOT_FOUND", op: "list" });
    mkdirSync(root());
    writeFileSync(path.join(root(), "store.json"), '{"format": 99, "driver": "later"}');
    expect(await refusal(readLayers(root()))).toMatchObject({ code: "STORE_FORMAT" });
  });

  it("leaves out a layer whose record cannot be read", async () => {
    await using store = await openStore({ root: root(), driver: plainCopy, create: true });
    const kept = await layerWith(store, null, { f: "x" });
    const bad = await layerWith(store, null, { f: "x" });
    writeFileSync(path.join(root(), "layers", bad.id, "layer.json"), "no record");
    expect((await readLayers(root())).layers.map(({ id }) => id)).toEqual([kept.id]);
  });
});
