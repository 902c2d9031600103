import { mkdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { DriverModule, Host, Layer } from "@copyup/core";
import { AT_FDCWD, closeFd, O_CREAT, O_TRUNC, O_WRONLY, openAt, writeFd } from "@copyup/linux";
import { type LayerStore, openStore } from "@copyup/store";
import { type Many, makeMany } from "../data/many.ts";
import { editTree } from "../workloads/edit-tree.ts";
import { readTar } from "../workloads/subject.ts";
import { buildYardsticks, type Yardsticks } from "../yardstick/build-yardsticks.ts";

/** One driver's store with the tree `many` in it. */
export interface Stand {
  readonly driver: DriverModule;
  readonly store: LayerStore;
  readonly many: Layer;
  /** Active, on `many`, edited. */
  readonly edited: string;
  /** An active layer on so many committed ones, by depth. */
  readonly deep: ReadonlyMap<number, string>;
}

/** All that the workloads measure with, made once. */
export interface Ground {
  readonly dir: string;
  readonly host: Host;
  readonly yardsticks: Yardsticks;
  readonly many: Many;
  /** The tree, and its canonical layer tar. */
  readonly tree: string;
  readonly tar: string;
  readonly stands: readonly Stand[];
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly dir: string;
  readonly host: Host;
  readonly drivers: readonly DriverModule[];
  readonly depths: readonly number[];
  readonly scale: number;
  readonly signal: AbortSignal;
  say(text: string): void;
}

export async function makeGround(options: GroundOptions): Promise<Ground> {
  const { dir, host, drivers, say } = options;
  const tree = path.join(dir, "many");
  const tar = path.join(dir, "many.tar");
  say("building the yardsticks");
  const yardsticks = buildYardsticks(path.join(dir, "yardsticks"));
  say("making the tree");
  mkdirSync(tree);
  const many = makeMany(tree, { scale: options.scale, owners: host.fullRoot });
  const stands: Stand[] = [];
  const close = async () => {
    for (const { store } of stands) await store[Symbol.asyncDispose]();
  };
  try {
    for (const driver of drivers) {
      say(`preparing ${driver.name}`);
      const store = await openStore({
        root: path.join(dir, driver.name),
        driver,
        create: true,
        signal: options.signal,
      });
      if (stands.length === 0) await exportTree(store, tree, tar);
      stands.push(await makeStand(store, driver, tar, options));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { dir, host, yardsticks, many, tree, tar, stands, close };
}

/** The tree as a canonical layer tar, whichever driver writes it. */
async function exportTree(store: LayerStore, tree: string, tar: string): Promise<void> {
  const { layer } = await store.importTree(tree, { durability: "none" });
  const fd = openAt(AT_FDCWD, tar, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  try {
    for await (const piece of store.diff(layer.id)) writeFd(fd, piece);
  } finally {
    closeFd(fd);
  }
  await store.remove(layer.id);
}

async function makeStand(store: LayerStore, driver: DriverModule, tar: string, options: GroundOptions): Promise<Stand> {
  const { host, signal } = options;
  const lossy = !host.fullRoot;
  const many = (await store.apply(readTar(tar), { lossy, durability: "none", signal })).layer;
  const edited = await store.prepare({ parent: many.id });
  const mount = await edited.mount();
  editTree(mount.path);
  await mount.unmount();
  const deep = new Map<number, string>();
  let at = null as Layer | null;
  for (let depth = 1; depth <= Math.max(...options.depths); depth++) {
    at = await (await store.prepare({ parent: at?.id ?? null })).commit({ durability: "none" });
    if (options.depths.includes(depth)) deep.set(depth, (await store.prepare({ parent: at.id })).id);
  }
  return { driver, store, many, edited: edited.id, deep };
}

/** Between two runs: nothing of the last one is there. */
export async function emptied(dir: string): Promise<string> {
  await removeTree(dir);
  mkdirSync(dir);
  return dir;
}
