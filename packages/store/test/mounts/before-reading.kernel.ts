import { existsSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { DriverModule, Mounted } from "@copyup/core";
import { driver as overlay2 } from "@copyup/overlay2";
import { expect, it } from "vitest";
import { collect, gather, layerWith, openAt, sha256 } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

/** What it shows in a mount it writes to the layer when it is asked to, as aufs does with its pseudo-links. */
function lateDriver(asked: Mounted[]): DriverModule {
  return {
    ...overlay2,
    async open(directories, options) {
      const sound = await overlay2.open(directories, options);
      return Object.assign(Object.create(sound) as typeof sound, {
        async beforeUnmount(mounted: Mounted) {
          asked.push(mounted);
          const [head] = mounted.chain;
          if (!head || mounted.mode !== "rw") return;
          const late = path.join(sound.access(head).dir, "late");
          if (!existsSync(late)) writeFileSync(late, "x");
        },
      });
    },
  };
}

it("brings into a mounted layer what only the mount shows, before its changes are read", async () => {
  const asked: Mounted[] = [];
  await using store = await openAt(scratch, lateDriver(asked));
  const base = await layerWith(store, null, { f: "lower" });
  const active = await store.prepare({ parent: base.id });
  const paths = async () => (await gather(store.changes(active.id))).map(({ path }) => Buffer.from(path).toString());
  expect([await paths(), asked.length]).toEqual([[], 0]);
  const mount = await active.mount({ target: scratch.directory("target") });
  expect(await paths()).toContain("late");
  expect(asked.map(({ mode, target }) => [mode, target])).toEqual([["rw", mount.path]]);
  const mounted = sha256(await collect(store.diff(active.id)));
  expect(asked.length).toBe(2);
  await mount.unmount();
  expect(asked.length).toBe(3);
  expect(sha256(await collect(store.diff(active.id)))).toBe(mounted);
  {
    await using _view = await store.view(base.id);
    await gather(store.changes(base.id));
  }
  expect(asked.slice(3).map(({ mode }) => mode)).toEqual(["ro"]);
});

it("finds the mount where its directory was renamed to", async () => {
  const asked: Mounted[] = [];
  await using store = await openAt(scratch, lateDriver(asked));
  const active = await store.prepare();
  const before = scratch.directory("before");
  const mount = await active.mount({ target: scratch.directory("before/target") });
  renameSync(before, path.join(scratch.path, "after"));
  await mount.unmount();
  expect(asked.map(({ target }) => target)).toEqual([path.join(scratch.path, "after/target")]);
});
