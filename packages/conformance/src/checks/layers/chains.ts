import type { Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { TreeSpec } from "../whiteout/tree-specs.ts";

/** `count` committed layers on top of `parent`, oldest first, from archives: without a mount a chain of 500 is cheap. */
export async function applyChain(
  store: LayerStore,
  parent: Layer,
  count: number,
  specs: (k: number) => readonly TreeSpec[],
): Promise<Layer[]> {
  const chain: Layer[] = [];
  for (let k = 0; k < count; k++) {
    const below = chain.at(-1) ?? parent;
    const { layer } = await store.apply([tarOf(...specs(k))], { parent: below.id, durability: "none" });
    chain.push(layer);
  }
  return chain;
}

export function topOf(chain: readonly Layer[]): Layer {
  const top = chain.at(-1);
  if (top === undefined) throw new RangeError("the chain is empty");
  return top;
}

/** How deep a chain of layers that each add a file need be: a driver that copies trees pays for the square of it. */
export function depthFor(store: LayerStore, wanted: number): number {
  // On a base, and below one layer more.
  const allowed = Math.min(wanted, (store.driver.maxParents ?? Number.POSITIVE_INFINITY) - 1);
  return store.driver.dialect === "tree" ? Math.ceil(allowed / 3) : allowed;
}
