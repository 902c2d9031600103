import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DriverModule, Layer } from "@copyup/core";
import { type LayerStore, openStore } from "@copyup/store";
import { editTree } from "./edit-tree.ts";
import { once } from "./once.ts";
import { readTar } from "./read-tar.ts";

/** One driver's store, and what workloads ask it to have; each thing is made when the first one asks. */
export interface Stand {
  readonly name: string;
  readonly driver: DriverModule;
  readonly store: LayerStore;
  /** Where the store lies. */
  readonly root: string;
  /** The tree `many`, committed. */
  many(): Promise<Layer>;
  /** The id of an active layer on `many`, edited. */
  edited(): Promise<string>;
  /** The id of an active layer on so many committed ones. */
  deep(depth: number): Promise<string>;
}

export interface StandOptions {
  readonly driver: DriverModule;
  readonly root: string;
  /** The layer tar of `many`. */
  readonly tar: () => Promise<string>;
  readonly lossy: boolean;
  readonly signal: AbortSignal;
}

export async function makeStand({ driver, root, tar, lossy, signal }: StandOptions): Promise<Stand> {
  mkdirSync(path.dirname(root), { recursive: true });
  const store = await openStore({ root, driver, create: true, signal });
  const { many, edited } = treesOf(store, tar, { lossy, signal });
  // One chain for all depths.
  const chain: Layer[] = [];
  const deep = once(async (depth: number) => {
    while (chain.length < depth) {
      const active = await store.prepare({ parent: chain.at(-1)?.id ?? null, signal });
      chain.push(await active.commit({ durability: "none", signal }));
    }
    return (await store.prepare({ parent: chain[depth - 1]?.id ?? null })).id;
  });
  return {
    ...{ name: driver.name, driver, store, root, deep },
    ...{ many, edited },
  };
}

/** Of a layer and all below it, each with what its driver keeps of it. */
export async function directoriesOf(store: LayerStore, id: string): Promise<string[]> {
  return (await store.chain(id)).map((layer) => store.access(layer).dir);
}

/** A layer of a tar, and an edited one on it; each is made when it is asked for. */
export function treesOf(
  store: LayerStore,
  tar: () => Promise<string>,
  { lossy, signal }: Pick<StandOptions, "lossy" | "signal">,
): Pick<Stand, "many" | "edited"> & { remove(): Promise<void> } {
  const made: string[] = [];
  const many = once(async (_: "many") => {
    const { layer } = await store.apply(readTar(await tar()), { lossy, durability: "none", signal });
    made.push(layer.id);
    return layer;
  });
  const edited = once(async (_: "edited") => {
    const active = await store.prepare({ parent: (await many("many")).id });
    made.push(active.id);
    const mount = await active.mount();
    editTree(mount.path);
    await mount.unmount();
    return active.id;
  });
  return {
    many: () => many("many"),
    edited: () => edited("edited"),
    remove: async () => {
      for (const id of made.splice(0).reverse()) await store.remove(id);
    },
  };
}
