import { closeSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { MS_RDONLY, MS_REMOUNT, makePrivate, mount2 } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { collect, drivers, gather, layerWith, openAt, plant, refusal, tarOf } from "./ground.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();

/** A small filesystem at `<scratch>/disk`. */
function disk(options = "size=4m,nr_inodes=400"): { path: string; fill(): void; free(): void; readOnly(): void } {
  const at = scratch.directory("disk");
  mount2("tmpfs", at, "tmpfs", 0, options);
  makePrivate(at);
  const ballast = path.join(at, "ballast");
  return {
    path: at,
    fill() {
      const fd = openSync(ballast, "w");
      try {
        for (;;) writeSync(fd, Buffer.alloc(4096));
      } catch (error) {
        expect((error as { code?: string }).code).toBe("ENOSPC");
      } finally {
        closeSync(fd);
      }
    },
    free: () => rmSync(ballast),
    readOnly: () => mount2("none", at, "", MS_REMOUNT | MS_RDONLY, ""),
  };
}

describe.each(drivers)("a full disk under %s", (_, driver) => {
  it("is said, leaves nothing half-made, and can be helped by removing layers", async () => {
    const small = disk();
    let id: string;
    {
      await using store = await openAt(scratch, driver, "disk/store");
      id = (await layerWith(store, null, { big: "x".repeat(1_000_000) })).id;
    }
    small.fill();
    await using store = await openAt(scratch, driver, "disk/store");
    const tar = tarOf(scratch, { file: "x".repeat(100_000) });
    for (const verb of [() => store.prepare({ parent: id }), () => store.apply([tar]), () => store.mount(id)]) {
      expect(await refusal(verb())).toMatchObject({ code: "NO_SPACE", driver: driver.name });
    }
    expect(readdirSync(path.join(store.root, "staging"))).toEqual([]);
    expect(readdirSync(path.join(store.root, "run/mounts"))).toEqual([]);
    // What is there can be exported, and removed.
    expect((await collect(store.diff(id))).length).toBeGreaterThan(1_000_000);
    await store.remove(id);
    expect(await store.list()).toEqual([]);
    await store.apply([tar]);
    expect((await store.check()).problems).toEqual([]);
  });

  it("that is full of names says so", async () => {
    const small = disk("size=40m,nr_inodes=60");
    await using store = await openAt(scratch, driver, "disk/store");
    const files = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`f${n}`, "x"]));
    expect(await refusal(store.apply([tarOf(scratch, files)]))).toMatchObject({ code: "NO_INODES" });
    expect(readdirSync(path.join(store.root, "layers"))).toEqual([]);
    expect(small.path).toBe(path.dirname(store.root));
  });
});

describe.each(drivers)("a read-only disk under %s", (_, driver) => {
  it("is read as before, and every writing verb says READ_ONLY", async () => {
    const small = disk();
    let ids: string[];
    let bytes: Buffer;
    {
      await using store = await openAt(scratch, driver, "disk/store");
      const base = await layerWith(store, null, { f: "x" });
      const active = await store.prepare({ parent: base.id });
      plant(store.access(active.layer).dir, { g: "y" });
      ids = [base.id, active.id];
      bytes = await collect(store.diff(active.id));
    }
    small.readOnly();
    await using store = await openAt(scratch, driver, "disk/store");
    const [base = "", active = ""] = ids;
    expect((await store.list()).map(({ id }) => id)).toEqual(ids);
    expect(await collect(store.diff(active))).toEqual(bytes);
    expect(await gather(store.changes(active))).not.toEqual([]);
    await collect(store.diff(base));
    expect((await store.usage(base)).inodes).toBeGreaterThan(0);
    expect((await store.check()).problems).toEqual([]);
    expect(await store.mounts()).toEqual([]);
    await store.explain(active);
    const verbs: Record<string, () => Promise<unknown>> = {
      prepare: () => store.prepare(),
      apply: () => store.apply([]),
      import: () => store.importTree(scratch.directory("source")),
      commit: () => store.commit(active),
      remove: () => store.remove(active),
      labels: () => store.setLabels(active, { a: "b" }),
      mount: () => store.mount(active),
      unmount: () => store.unmount("/nowhere"),
      lend: () => store.lend(active, "rw"),
      release: () => store.release(active),
      gc: () => store.gc(),
    };
    for (const [op, verb] of Object.entries(verbs))
      expect(await refusal(verb())).toMatchObject({ code: "READ_ONLY", op });
  });
});
