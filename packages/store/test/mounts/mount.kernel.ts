import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { bindMount, mount2, mountAt, mountsBelow, unmount } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { drivers, layerWith, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe.each(drivers)("mounting with %s", (_, driver) => {
  it("shows the chain, keeps what is written, and is read-only for a view", async () => {
    await using store = await openAt(scratch, driver);
    const base = await layerWith(store, null, { f: "lower", d: "lower" });
    const active = await store.prepare({ parent: base.id });
    {
      await using mount = await active.mount();
      expect(mount).toMatchObject({
        id: active.id,
        mode: "rw",
        mounted: true,
        path: path.join(store.root, "run/mnt", active.id),
      });
      expect(readFileSync(path.join(mount.path, "f"), "utf8")).toBe("lower");
      writeFileSync(path.join(mount.path, "f"), "upper");
    }
    expect(mountsBelow(scratch.path)).toEqual([]);
    expect(readdirSync(path.join(store.root, "run/mnt"))).toEqual([]);
    const layer = await active.commit();
    await using view = await store.view(layer.id, { target: scratch.directory("view") });
    expect(readFileSync(path.join(view.path, "f"), "utf8")).toBe("upper");
    expect(() => writeFileSync(path.join(view.path, "f"), "x")).toThrow(expect.objectContaining({ code: "EROFS" }));
    expect(readFileSync(path.join(store.access(base).dir, "f"), "utf8")).toBe("lower");
  });

  it("refuses to commit, remove or lend what is mounted, and names the mount", async () => {
    await using store = await openAt(scratch, driver);
    const active = await store.prepare();
    const target = scratch.directory("target");
    const mount = await active.mount({ target });
    for (const verb of [
      () => active.commit(),
      () => store.remove(active.id),
      () => store.lend(active.id, "rw"),
      () => active[Symbol.asyncDispose](),
    ]) {
      const refused = await refusal(verb());
      expect(refused).toMatchObject({ code: "LAYER_IN_USE", layer: active.id, hint: expect.stringContaining(target) });
      expect(refused.message).toContain(target);
      expect(refused.message).toContain(`pid ${process.pid}`);
    }
    await mount.unmount();
    await active.commit();
  });

  it("binds a second mount to the first, in either mode; the last unmount frees it", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const [a, b, c, d] = ["a", "b", "c", "d"].map((target) => scratch.directory(target)) as [
      string,
      string,
      string,
      string,
    ];
    const first = await store.mount(id, { target: a });
    const view = await store.view(id, { target: b });
    writeFileSync(path.join(a, "f"), "x");
    expect(readFileSync(path.join(b, "f"), "utf8")).toBe("x");
    expect(() => writeFileSync(path.join(b, "g"), "x")).toThrow(expect.objectContaining({ code: "EROFS" }));
    await first.unmount();
    // Only the read-only bind of the writable superblock is left: a writable one is made of it.
    const again = await store.mount(id, { target: c });
    writeFileSync(path.join(c, "f"), "y");
    expect(readFileSync(path.join(b, "f"), "utf8")).toBe("y");
    expect(mountAt(c)?.propagation).toEqual([]);
    const superblocks = new Set([b, c].map((target) => `${mountAt(target)?.major}:${mountAt(target)?.minor}`));
    expect(superblocks.size).toBe(1);
    await view.unmount();
    await again.unmount();
    expect(mountsBelow(scratch.path)).toEqual([]);
    // A view made first has the layer as a lower: no writable mount beside it.
    const lower = await store.view(id, { target: d });
    expect(await refusal(store.mount(id))).toMatchObject({ code: "LAYER_IN_USE" });
    await lower.unmount();
    await store.commit(id);
  });

  it("at one target twice is one mount and a count of two", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const other = await store.prepare();
    const target = scratch.directory("target");
    const first = await store.mount(id, { target });
    const second = await store.mount(id, { target, owner: "store" });
    expect(mountsBelow(target)).toHaveLength(1);
    expect(await refusal(store.view(id, { target }))).toMatchObject({ code: "BAD_TARGET" });
    expect(await refusal(other.mount({ target }))).toMatchObject({
      code: "BAD_TARGET",
      message: expect.stringContaining(id),
    });
    await first.unmount();
    expect(mountsBelow(target)).toHaveLength(1);
    await store.unmount(target);
    expect(mountsBelow(target)).toEqual([]);
    await second.unmount();
    expect(await refusal(store.unmount(target))).toMatchObject({ code: "NOT_MOUNTED" });
  });

  it("refuses targets that are no directory of their own", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const directory = scratch.directory("targets");
    writeFileSync(path.join(directory, "file"), "");
    symlinkSync(scratch.directory("real"), path.join(directory, "link"));
    const bad = ["missing", "file", "file/below", "link", ""].map((name) => (name ? path.join(directory, name) : ""));
    for (const target of [
      ...bad,
      store.root,
      path.join(store.root, "layers"),
      path.join(store.root, "layers", id, "body"),
      scratch.path,
      "/",
    ]) {
      expect([target, (await refusal(store.mount(id, { target }))) as { code?: string }]).toMatchObject([
        target,
        { code: "BAD_TARGET" },
      ]);
    }
    expect(readdirSync(path.join(store.root, "run/mounts"))).toEqual([]);
    // A symlink above is resolved, once.
    mkdirSync(path.join(scratch.path, "real/inside"));
    const mount = await store.mount(id, { target: path.join(directory, "link/inside") });
    expect(mount.path).toBe(path.join(scratch.path, "real/inside"));
    await mount.unmount();
  });

  it("refuses a committed layer writable", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await layerWith(store, null, { f: "x" });
    expect(await refusal(store.mount(id, { mode: "rw" }))).toMatchObject({
      code: "NOT_ACTIVE",
      hint: expect.stringContaining("--ro"),
    });
    await using mount = await store.mount(id);
    expect(mount.mode).toBe("ro");
  });

  it("finds a mount whose parent directory was renamed", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    await store.mount(id, { target: scratch.directory("parent/target"), owner: "store" });
    renameSync(path.join(scratch.path, "parent"), path.join(scratch.path, "moved"));
    expect(await refusal(store.commit(id))).toMatchObject({
      code: "LAYER_IN_USE",
      message: expect.stringContaining("moved/target"),
    });
    await using next = await openAt(scratch, driver);
    await next.unmount(path.join(scratch.path, "moved/target"));
    await next.commit(id);
  });

  it("does not unmount what was mounted over it", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("target");
    const mount = await store.mount(id, { target });
    mount2("tmpfs", target, "tmpfs", 0, "size=1m");
    writeFileSync(path.join(target, "precious"), "x");
    expect(await refusal(mount.unmount())).toMatchObject({
      code: "MOUNT_BUSY",
      message: expect.stringContaining(target),
    });
    expect(await refusal(mount.unmount({ lazy: true }))).toMatchObject({ code: "MOUNT_BUSY" });
    expect(await refusal(store.commit(id))).toMatchObject({ code: "LAYER_IN_USE" });
    expect(readdirSync(target)).toEqual(["precious"]);
    unmount(target);
    await mount.unmount();
  });

  it("with a signal that is set does nothing", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    expect(await refusal(store.mount(id, { signal: AbortSignal.abort() }))).toMatchObject({
      code: "ABORTED",
      layer: id,
    });
    expect(readdirSync(path.join(store.root, "run/mnt"))).toEqual([]);
  });
});

describe.each(drivers)("unmounting with %s", (_, driver) => {
  it("tells who holds it, and succeeds when they are gone", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const mount = await store.mount(id);
    writeFileSync(path.join(mount.path, "f"), "x");
    const fd = openSync(path.join(mount.path, "f"), "r");
    const refused = await refusal(mount.unmount());
    closeSync(fd);
    expect(refused).toMatchObject({ code: "MOUNT_BUSY", layer: id, errno: "EBUSY" });
    expect(refused.message).toContain(`pid ${process.pid}`);
    expect(refused.message).toContain(path.join(mount.path, "f"));
    await mount.unmount();
  });

  it("names a mount inside and leaves it, lazily too", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const mount = await store.mount(id);
    const inside = path.join(mount.path, "d");
    mkdirSync(inside);
    bindMount(scratch.directory("other"), inside, false);
    for (const lazy of [false, true]) {
      expect(await refusal(mount.unmount({ lazy }))).toMatchObject({
        code: "MOUNT_BUSY",
        message: expect.stringContaining(inside),
      });
    }
    expect(mountsBelow(mount.path)).toHaveLength(2);
    unmount(inside);
    await mount.unmount();
  });

  it("lazily empties the place at once, and keeps the layer in use until the last file is closed", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("target");
    const mount = await store.mount(id, { target });
    const fd = openSync(path.join(target, "log"), "a");
    await mount.unmount({ lazy: true });
    expect(readdirSync(target)).toEqual([]);
    expect(await store.mounts()).toEqual([expect.objectContaining({ layer: id, state: "detached" })]);
    expect(await refusal(store.unmount(target))).toMatchObject({
      code: "NOT_MOUNTED",
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    await using other = await openAt(scratch, driver);
    await other.gc();
    for (const verb of [() => other.commit(id), () => other.remove(id), () => other.mount(id), () => other.view(id)]) {
      expect(await refusal(verb())).toMatchObject({
        code: "LAYER_IN_USE",
        message: expect.stringContaining(`pid ${process.pid}`),
      });
    }
    writeFileSync(fd, "kept");
    closeSync(fd);
    const again = await other.mount(id, { target });
    expect(readFileSync(path.join(target, "log"), "utf8")).toBe("kept");
    await again.unmount();
    await other.commit(id);
    expect(readdirSync(path.join(store.root, "run/mounts"))).toEqual([]);
  });

  it("does not count a mount that somebody took away by hand", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const mount = await store.mount(id, { owner: "store" });
    unmount(mount.path);
    expect(await store.mounts()).toEqual([]);
    await mount.unmount();
    await store.commit(id);
  });

  it("is done by closing the store, for what was mounted for this process", async () => {
    const store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("kept");
    await store.mount(id);
    await store.mount(id, { target, owner: "store" });
    await store[Symbol.asyncDispose]();
    expect(mountsBelow(scratch.path).map((mount) => mount.target)).toEqual([target]);
  });

  it("treats records of another boot as gone", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("target");
    const mount = await store.mount(id, { target, owner: "store" });
    const [name] = readdirSync(path.join(store.root, "run/mounts"));
    const file = path.join(store.root, "run/mounts", name ?? "");
    const record = JSON.parse(readFileSync(file, "utf8")) as { process: object };
    unmount(target);
    writeFileSync(file, JSON.stringify({ ...record, process: { ...record.process, bootId: "another" } }));
    expect(await store.mounts()).toEqual([]);
    const again = await store.mount(id, { target });
    await again.unmount();
    await mount.unmount();
    await store.commit(id);
  });

  it("settles what a process killed between intent and record has mounted", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("target");
    await store.mount(id, { target, owner: "store" });
    const [name] = readdirSync(path.join(store.root, "run/mounts"));
    const file = path.join(store.root, "run/mounts", name ?? "");
    const record = JSON.parse(readFileSync(file, "utf8")) as { process: object };
    // As the killed process left it: mounted, and known only as an intent.
    writeFileSync(
      file,
      JSON.stringify({ ...record, state: "intent", mount: null, process: { ...record.process, startTime: "1" } }),
    );
    await using next = await openAt(scratch, driver);
    expect(mountsBelow(target)).toEqual([]);
    expect(readdirSync(path.join(store.root, "run/mounts"))).toEqual([]);
    await next.commit(id);
  });
});
