import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { driver as overlay2 } from "@copyup/overlay2";
import { driver as plainCopy } from "@copyup/plain-copy";
import { describe, expect, it } from "vitest";
import { openStore, readStoreInfo } from "../../src/index.ts";
import { layerWith, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();
const root = () => path.join(scratch.path, "a/b/store");

describe("opening a store", () => {
  it("that is missing says so, unless it may be made", async () => {
    expect(await refusal(openStore({ root: root(), driver: plainCopy }))).toMatchObject({
      code: "NOT_FOUND",
      hint: expect.any(String),
    });
    expect(existsSync(root())).toBe(false);
    await using store = await openStore({ root: root(), driver: plainCopy, create: true });
    expect(await store.list()).toEqual([]);
    expect(readStoreInfo(root())).toEqual({ driver: "plain-copy", ids: null });
  });

  it("makes it for its owner alone, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      await using store = await openStore({ root: root(), driver: plainCopy, create: true });
      await layerWith(store, null, { f: "x" });
      expect(statSync(root()).mode & 0o777).toBe(0o700);
      for (const room of readdirSync(root())) {
        expect([room, statSync(path.join(root(), room)).mode & 0o077]).toEqual([room, 0]);
      }
    } finally {
      process.umask(before);
    }
  });

  it("closes an empty directory that others could enter", async () => {
    mkdirSync(root(), { recursive: true, mode: 0o755 });
    chmodSync(root(), 0o755);
    await using _store = await openStore({ root: root(), driver: plainCopy, create: true });
    expect(statSync(root()).mode & 0o777).toBe(0o700);
  });

  it("refuses a directory with other things in it, and leaves them alone", async () => {
    mkdirSync(root(), { recursive: true });
    writeFileSync(path.join(root(), "thesis.txt"), "x");
    expect(await refusal(openStore({ root: root(), driver: plainCopy, create: true }))).toMatchObject({
      code: "STORE_FORMAT",
      message: expect.stringContaining("thesis.txt"),
    });
    expect(readdirSync(root())).toEqual(["thesis.txt"]);
  });

  it("that its driver refuses leaves nothing behind, and a store that was there as it was", async () => {
    const refusing = { ...plainCopy, open: () => Promise.reject(new Error("not here")) };
    const open = () => openStore({ root: root(), driver: refusing, create: true });
    await expect(open()).rejects.toThrow("not here");
    expect(readdirSync(scratch.path)).toEqual([]);
    mkdirSync(root(), { recursive: true });
    await expect(open()).rejects.toThrow("not here");
    expect(readdirSync(root())).toEqual([]);
    await (await openStore({ root: root(), driver: plainCopy, create: true }))[Symbol.asyncDispose]();
    const before = readdirSync(root());
    await expect(open()).rejects.toThrow("not here");
    expect(readdirSync(root())).toEqual(before);
  });

  it("of another driver is WRONG_DRIVER", async () => {
    await (await openAt(scratch))[Symbol.asyncDispose]();
    expect(await refusal(openStore({ root: path.join(scratch.path, "store"), driver: overlay2 }))).toMatchObject({
      code: "WRONG_DRIVER",
      message: expect.stringContaining("plain-copy"),
    });
  });

  it.each([
    ['{"format": 2, "driver": "plain-copy"}', "STORE_FORMAT"],
    ["{}", "CORRUPT"],
    ["", "CORRUPT"],
  ])("whose record is %j is %s", async (text, code) => {
    await (await openAt(scratch))[Symbol.asyncDispose]();
    writeFileSync(path.join(scratch.path, "store/store.json"), text);
    expect(await refusal(openAt(scratch))).toMatchObject({ code });
  });

  it("resolves its root once: a symlink turned elsewhere afterwards changes nothing", async () => {
    const real = scratch.directory("real");
    const link = path.join(scratch.path, "link");
    symlinkSync(real, link);
    await using store = await openStore({ root: path.join(link, "store"), driver: plainCopy, create: true });
    expect(store.root).toBe(path.join(real, "store"));
    symlinkSync(scratch.directory("other"), `${link}-2`);
    renameSync(`${link}-2`, link);
    await layerWith(store, null, { f: "x" });
    expect(readdirSync(path.join(scratch.path, "other"))).toEqual([]);
  });

  it("sweeps what a killed process left in staging, trash and scratch", async () => {
    await (await openAt(scratch))[Symbol.asyncDispose]();
    for (const room of ["staging", "trash", "scratch"]) {
      mkdirSync(path.join(scratch.path, "store", room, "0123/body"), { recursive: true });
      writeFileSync(path.join(scratch.path, "store", room, "0123.lock"), "");
    }
    await (await openAt(scratch))[Symbol.asyncDispose]();
    for (const room of ["staging", "trash", "scratch"])
      expect(readdirSync(path.join(scratch.path, "store", room))).toEqual([]);
  });

  it("made by several at once is one store", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => openAt(scratch)));
    const layer = await layerWith(stores[0]!, null, { f: "x" });
    for (const store of stores) expect((await store.get(layer.id)).state).toBe("committed");
    for (const store of stores) await store[Symbol.asyncDispose]();
    expect(JSON.parse(readFileSync(path.join(scratch.path, "store/store.json"), "utf8"))).toEqual({
      format: 1,
      driver: "plain-copy",
    });
  });

  it("leaves nothing behind but the store when it is closed", async () => {
    await (await openAt(scratch))[Symbol.asyncDispose]();
    for (const room of ["staging", "trash", "scratch", "run/mounts", "run/mnt"]) {
      expect(readdirSync(path.join(scratch.path, "store", room))).toEqual([]);
    }
  });

  it("is aborted by a signal that is set already", async () => {
    const signal = AbortSignal.abort();
    expect(await refusal(openStore({ root: root(), driver: plainCopy, create: true, signal }))).toMatchObject({
      code: "ABORTED",
    });
  });
});
