import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DriverModule, Layer } from "@copyup/core";
import { type LayerStore, openStore } from "@copyup/store";
import { editTree } from "../ground/edit-tree.ts";
import { readTar } from "../ground/read-tar.ts";

/** One driver with the image in a store of its own, ready to be measured. */
export interface Subject {
  readonly name: string;
  readonly store: LayerStore;
  /** The image's top layer. */
  readonly top: Layer;
  /** The base layer, from the image's first tar. */
  readonly base: Layer;
  /** A committed layer ten lowers deep: the image and small layers on it. */
  readonly deep: Layer;
  /** An active layer on the image, with edits in it. */
  readonly edited: string;
  /** Entries that the applied layers could not keep, by kind. */
  readonly lost: Readonly<Record<string, number>>;
  readonly lostExamples: Readonly<Record<string, string>>;
}

export interface SubjectOptions {
  readonly driver: DriverModule;
  readonly root: string;
  /** Layer tars, base first. */
  readonly layers: readonly string[];
  readonly lossy: boolean;
  readonly signal: AbortSignal;
}

const DEEP_LOWERS = 10;

export async function prepareSubject(options: SubjectOptions): Promise<Subject> {
  const { driver, layers, lossy, signal } = options;
  mkdirSync(options.root, { recursive: true });
  const store = await openStore({ root: path.join(options.root, driver.name), driver, create: true, signal });
  const chain: Layer[] = [];
  const lost: Record<string, number> = {};
  const lostExamples: Record<string, string> = {};
  for (const file of layers) {
    const applied = await store.apply(readTar(file), {
      parent: chain.at(-1)?.id ?? null,
      lossy,
      signal,
      durability: "none",
    });
    chain.push(applied.layer);
    for (const [kind, count] of Object.entries(applied.lost)) lost[kind] = (lost[kind] ?? 0) + count;
    Object.assign(lostExamples, applied.lostExamples);
  }
  const base = chain[0];
  const top = chain.at(-1);
  if (!base || !top) throw new RangeError("an image has at least one layer");
  let deep = top;
  for (let depth = chain.length; depth < DEEP_LOWERS; depth++) deep = await emptyLayer(store, deep, signal);
  const active = await store.prepare({ parent: top.id, signal });
  const mount = await active.mount({ signal });
  editTree(mount.path);
  await mount.unmount();
  return { name: driver.name, store, top, base, deep, edited: active.id, lost, lostExamples };
}

async function emptyLayer(store: LayerStore, parent: Layer, signal: AbortSignal): Promise<Layer> {
  const active = await store.prepare({ parent: parent.id, signal });
  return active.commit({ durability: "none", signal });
}
