import { appendFileSync, chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { collect, layerWith, openAt } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("check", () => {
  it("finds a good store good, and counts what it read", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { "d/f": "12345" });
    await layerWith(store, base.id, { g: "123" });
    await store.prepare({ parent: base.id });
    await collect(store.diff(base.id));
    const report = await store.check();
    expect(report).toMatchObject({ layers: 3, problems: [] });
    expect(report.files).toBeGreaterThanOrEqual(2);
    expect(report.bytes).toBeGreaterThanOrEqual(8);
  });

  it.each([
    ["missing", (dir: string) => rmSync(path.join(dir, "d/f"))],
    ["size", (dir: string) => appendFileSync(path.join(dir, "d/f"), "more")],
    ["content", (dir: string) => writeFileSync(path.join(dir, "d/f"), "54321")],
    [
      "type",
      (dir: string) => {
        rmSync(path.join(dir, "d/f"));
        mkdirSync(path.join(dir, "d/f"));
      },
    ],
  ])("names a file with another %s", async (kind, damage) => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { "d/f": "12345", other: "x" });
    const good = await layerWith(store, null, { f: "x" });
    damage(store.access(layer).dir);
    const { problems } = await store.check({ repair: true });
    expect(problems).toContainEqual(expect.objectContaining({ layer: layer.id, path: "d/f", kind, repaired: false }));
    expect(problems.filter((problem) => problem.layer === good.id)).toEqual([]);
    expect((await store.get(layer.id)).state).toBe("committed");
  });

  it("finds a changed attribute where the content id is known", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { f: "x" });
    await collect(store.diff(layer.id));
    chmodSync(path.join(store.access(layer).dir, "f"), 0o600);
    expect((await store.check()).problems).toEqual([expect.objectContaining({ layer: layer.id, kind: "content-id" })]);
  });

  it("names a layer whose parent, manifest or record is gone, and orphans", async () => {
    await using store = await openAt(scratch);
    const base = await layerWith(store, null, { f: "x" });
    const child = await layerWith(store, base.id, { g: "x" });
    const bare = await layerWith(store, null, { f: "x" });
    rmSync(path.join(store.root, "layers", base.id), { recursive: true });
    rmSync(path.join(store.root, "layers", bare.id, "manifest"));
    mkdirSync(path.join(store.root, "layers/orphan"));
    mkdirSync(path.join(store.root, "layers/.hidden"));
    const found = (await store.check()).problems.map(({ layer, kind }) => `${layer} ${kind}`);
    expect(found.sort()).toEqual(
      [`${child.id} parent-missing`, `${bare.id} missing`, "orphan bad-record", ".hidden bad-record"].sort(),
    );
  });

  it("names a layer of another driver or layout", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { f: "x" });
    const file = path.join(store.root, "layers", layer.id, "layer.json");
    const record = { ...layer, format: 1, lostExamples: {} };
    writeFileSync(file, JSON.stringify({ ...record, driver: "zfs" }));
    expect((await store.check()).problems).toEqual([
      expect.objectContaining({ layer: layer.id, kind: "unknown-driver" }),
    ]);
    await expect(collect(store.diff(layer.id))).rejects.toMatchObject({ code: "WRONG_DRIVER", layer: layer.id });
    writeFileSync(file, JSON.stringify({ ...record, bodyFormat: 99 }));
    await expect(store.prepare({ parent: layer.id })).rejects.toMatchObject({ code: "STORE_FORMAT", layer: layer.id });
  });

  it("tells of dead staging and trash, and removes them when asked", async () => {
    await using store = await openAt(scratch);
    for (const room of ["staging", "trash"]) mkdirSync(path.join(store.root, room, "0123/body"), { recursive: true });
    const kinds = (problems: readonly { kind: string; repaired: boolean }[]) =>
      problems.map(({ kind, repaired }) => `${kind} ${repaired}`);
    expect(kinds((await store.check()).problems)).toEqual(["staging false", "trash false"]);
    expect(kinds((await store.check({ repair: true })).problems)).toEqual(["staging true", "trash true"]);
    expect(kinds((await store.check()).problems)).toEqual([]);
    for (const room of ["staging", "trash"]) expect(readdirSync(path.join(store.root, room))).toEqual([]);
  });

  it("is aborted", async () => {
    await using store = await openAt(scratch);
    await layerWith(store, null, { f: "x" });
    await expect(store.check({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("gc", () => {
  it("removes what is dead, tells how much, and touches no layer", async () => {
    await using store = await openAt(scratch);
    const layer = await layerWith(store, null, { f: "x" });
    const active = await store.prepare();
    mkdirSync(path.join(store.root, "staging/0123"));
    writeFileSync(path.join(store.root, "staging/0123/f"), Buffer.alloc(10_000, 1));
    mkdirSync(path.join(store.root, "trash/4567"));
    writeFileSync(path.join(store.root, "run/mounts/garbage.json"), "{");
    const report = await store.gc();
    expect(report).toMatchObject({ staging: 1, trash: 1, mountRecords: 1 });
    expect(report.bytes).toBeGreaterThanOrEqual(10_000);
    expect((await store.list()).map(({ id }) => id)).toEqual([layer.id, active.id]);
    expect(await store.gc()).toEqual({ staging: 0, trash: 0, mountRecords: 0, bytes: 0 });
  });
});
