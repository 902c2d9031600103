import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isStorageError } from "@copyup/core";
import { mountsBelow } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import type { LayerStore } from "../src/index.ts";
import { runChild } from "./children/run-child.ts";
import { collect, drivers, layerWith, openAt, sha256, tarOf } from "./ground.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();
const TRIES = 3;

describe.each(drivers)("kill -9 on %s", (name, driver) => {
  const archive = () => {
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, n) => [`d${n % 20}/f${n}`, `content of ${n}\n`.repeat(40)]),
    );
    const tar = tarOf(scratch, files);
    const file = path.join(scratch.path, "layer.tar");
    writeFileSync(file, tar);
    return { tar, file };
  };

  /** Lets a child repeat the verb, kills it somewhere within, gives the store as the next opener finds it. */
  const killedAt = async (verb: string, file: string, look: (store: LayerStore) => Promise<void>) => {
    for (let n = 0; n < TRIES; n++) {
      const child = runChild("repeat-verb.ts", [path.join(scratch.path, "store"), name, verb, file]);
      await child.line();
      // Anywhere in the first rounds: they take 5 to 100 ms.
      await sleep(Math.random() * 60);
      await child.kill();
      await using store = await openAt(scratch, driver);
      expect(mountsBelow(scratch.path)).toEqual([]);
      expect(await store.mounts()).toEqual([]);
      for (const room of ["staging", "trash", "run/mounts", "run/mnt"])
        expect(readdirSync(path.join(store.root, room))).toEqual([]);
      expect((await store.check()).problems).toEqual([]);
      await look(store);
    }
  };

  it("during apply: every layer there is whole", async () => {
    const { tar, file } = archive();
    const base = await makeBase(driver);
    await killedAt("apply", file, async (store) => {
      let expected: Buffer | undefined;
      for (const layer of await store.list()) {
        if (layer.id === base) continue;
        expect(layer).toMatchObject({ state: "committed", diffId: sha256(tar) });
        const bytes = await collect(store.diff(layer.id));
        expected ??= bytes;
        expect(bytes.equals(expected)).toBe(true);
        await store.remove(layer.id);
      }
      await store.apply([tar], { parent: base, id: "next" });
      await store.remove("next");
    });
  });

  it("during commit: a layer is active or committed, and either works", async () => {
    const { file } = archive();
    const base = await makeBase(driver);
    await killedAt("commit", file, async (store) => {
      for (const layer of await store.list()) {
        if (layer.id === base) continue;
        if (layer.state === "active") await store.commit(layer.id, { durability: "none" });
        const { diffId } = await store.get(layer.id);
        const bytes = await collect(store.diff(layer.id));
        if (diffId !== null) expect(sha256(bytes)).toBe(diffId);
        await store.remove(layer.id);
      }
    });
  });

  it("during mount and unmount: nothing stays mounted, and it can be mounted again", async () => {
    const { file } = archive();
    await makeBase(driver);
    mkdirSync(path.join(scratch.path, "target"));
    {
      await using store = await openAt(scratch, driver);
      await store.prepare({ id: "target" });
    }
    await killedAt("mount", file, async (store) => {
      const mount = await store.mount("target");
      writeFileSync(path.join(mount.path, "f"), "x");
      await mount.unmount();
    });
  });

  it("during remove: a layer is there or not", async () => {
    const { file } = archive();
    const base = await makeBase(driver);
    await killedAt("remove", file, async (store) => {
      for (const layer of await store.list()) if (layer.id !== base) await store.remove(layer.id);
    });
  });

  async function makeBase(module: typeof driver): Promise<string> {
    await using store = await openAt(scratch, module);
    return (await layerWith(store, null, { "base/file": "x" })).id;
  }
});

it("a process that is killed while it commits leaves a note that nobody believes", async () => {
  await using store = await openAt(scratch);
  const { id } = await store.prepare();
  writeFileSync(path.join(store.root, "layers", id, "state.lock"), "commit by pid 1");
  expect(isStorageError(await store.commit(id).catch((error: unknown) => error))).toBe(false);
});
