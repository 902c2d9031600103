import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { AT_FDCWD, bindMount, mknodAt, S_IFCHR, S_IFSOCK, setXattr, unmount } from "@copyup/linux";
import { driver as overlay2 } from "@copyup/overlay2";
import { driver as plainCopy } from "@copyup/plain-copy";
import { describe, expect, it } from "vitest";
import { collect, drivers, layerWith, openAt, plant, refusal } from "./ground.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();

describe("importing what a driver's dialect gives a meaning", () => {
  const marked: [string, (source: string) => void, string][] = [
    ["a 0:0 device", (source) => mknodAt(AT_FDCWD, path.join(source, "d/w"), S_IFCHR | 0o644, 0, 0), "d/w"],
    ["an opaque directory", (source) => setXattr(path.join(source, "d"), "trusted.overlay.opaque", "y"), "d"],
    ["a mark on its root", (source) => setXattr(source, "trusted.overlay.opaque", "y"), "."],
  ];

  it.each(marked)("%s is refused by overlay2, naming it, and kept by plain-copy", async (_, mark, at) => {
    const source = scratch.directory("source");
    plant(source, { "d/f": "x", other: "y" });
    mark(source);
    await using overlay = await openAt(scratch, overlay2, "overlay");
    expect(await refusal(overlay.importTree(source))).toMatchObject({
      code: "NOT_REPRESENTABLE",
      path: at,
      op: "import",
    });
    expect(readdirSync(path.join(overlay.root, "layers"))).toEqual([]);
    expect(readdirSync(path.join(overlay.root, "staging"))).toEqual([]);
    await using plain = await openAt(scratch, plainCopy, "plain");
    await plain.importTree(source);
  });

  it("other devices, sockets and names of another dialect are imported", async () => {
    const source = scratch.directory("source");
    mknodAt(AT_FDCWD, path.join(source, "null"), S_IFCHR | 0o666, 1, 3);
    mknodAt(AT_FDCWD, path.join(source, "socket"), S_IFSOCK | 0o600);
    await using store = await openAt(scratch, overlay2);
    const { layer, entries } = await store.importTree(source);
    expect(entries).toBe(2);
    const diff = store.diff(layer.id);
    await collect(diff);
    expect(diff.notes).toEqual([{ kind: "socket", path: "socket" }]);
  });
});

describe.each(drivers)("mounts in the way, %s", (_, driver) => {
  it("are left out of an import", async () => {
    const source = scratch.directory("source");
    plant(source, { "inside/": "", f: "x" });
    const other = scratch.directory("other");
    plant(other, { precious: "x" });
    bindMount(other, path.join(source, "inside"), false);
    await using store = await openAt(scratch, driver);
    const { layer } = await store.importTree(source);
    await using view = await store.view(layer.id);
    expect(readdirSync(view.path)).toEqual(["f", "inside"]);
    expect(readdirSync(path.join(view.path, "inside"))).toEqual([]);
    unmount(path.join(source, "inside"));
  });

  it("in a layer's own directory keep it from being removed, and are not removed through", async () => {
    await using store = await openAt(scratch, driver);
    const layer = await layerWith(store, null, { "d/f": "x" });
    const inside = path.join(store.access(layer).dir, "d");
    const other = scratch.directory("other");
    plant(other, { precious: "x" });
    bindMount(other, inside, false);
    expect(await refusal(store.remove(layer.id))).toMatchObject({
      code: "LAYER_IN_USE",
      message: expect.stringContaining(inside),
    });
    expect((await store.get(layer.id)).state).toBe("committed");
    expect(readFileSync(path.join(other, "precious"), "utf8")).toBe("x");
    unmount(inside);
    await store.remove(layer.id);
  });

  it("in dead staging are left by the sweep, and told of", async () => {
    await using store = await openAt(scratch, driver);
    const dead = path.join(store.root, "staging/0123");
    mkdirSync(path.join(dead, "d"), { recursive: true });
    const other = scratch.directory("other");
    plant(other, { precious: "x" });
    bindMount(other, path.join(dead, "d"), false);
    await using _again = await openAt(scratch, driver);
    const { problems } = await store.check({ repair: true });
    expect(problems).toEqual([expect.objectContaining({ kind: "staging", path: dead, repaired: false })]);
    expect(problems[0]?.message).toContain(path.join(dead, "d"));
    expect(readFileSync(path.join(other, "precious"), "utf8")).toBe("x");
    unmount(path.join(dead, "d"));
    expect((await store.gc()).staging).toBe(1);
  });
});
