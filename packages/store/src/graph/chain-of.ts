import { StorageError } from "@copyup/core";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";
import { findRecord } from "./find-record.ts";

/**
 * The records of a layer and its ancestors, nearest first. `fresh`: the layer's own record is read again, not taken from
 * the cache. Throws CORRUPT naming the ancestor that is missing or bad.
 */
export function chainOf(context: StoreContext, id: string, op: string, fresh = false): LayerRecord[] {
  const chain = [findRecord(context, id, op, fresh)];
  const seen = new Set([id]);
  for (let child = chain[0]; child && child.parent !== null; child = chain.at(-1)) {
    const parent = context.cache.read(child.parent);
    if (parent === null) {
      throw brokenChain(context, op, child.parent, `layer ${child.parent}, the parent of ${child.id}, is missing`);
    }
    if (seen.has(parent.id)) {
      throw brokenChain(context, op, parent.id, `layer ${parent.id} is its own ancestor`);
    }
    seen.add(parent.id);
    chain.push(parent);
  }
  return chain;
}

function brokenChain(context: StoreContext, op: string, layer: string, message: string): StorageError {
  return new StorageError({
    code: "CORRUPT",
    op,
    driver: context.driver.name,
    layer,
    message,
    hint: "`copyup store check` names every layer this concerns; the others stay usable",
  });
}
