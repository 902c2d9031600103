import type { Layer } from "@copyup/core";
import { isStorageError } from "@copyup/core";
import { chainOf } from "../graph/chain-of.ts";
import { findRecord } from "../graph/find-record.ts";
import { layersOf } from "../graph/layers-of.ts";
import { layerDirectory } from "../layout.ts";
import { toLayer } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";

/** A layer whose ancestors are damaged can still be looked at; it only has no chain id. */
export function getLayer(context: StoreContext, id: string, op = "get"): Layer {
  const record = findRecord(context, id, op);
  try {
    const [layer] = layersOf(context, chainOf(context, id, op));
    if (layer) return layer;
  } catch (error) {
    if (!isStorageError(error)) throw error;
  }
  return toLayer(record, layerDirectory(context.layout, id), null);
}

export function getChain(context: StoreContext, id: string): Layer[] {
  return layersOf(context, chainOf(context, id, "chain"));
}
