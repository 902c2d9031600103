import type { Layer } from "@copyup/core";
import { layerDirectory } from "../layout.ts";
import { type LayerRecord, toLayer } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";
import { chainIdAbove } from "./chain-id.ts";

/** Layers of a whole chain of records, nearest first, each with its chain id. */
export function layersOf(context: StoreContext, chain: readonly LayerRecord[]): Layer[] {
  const layers: Layer[] = [];
  let below: string | null | undefined;
  for (const record of chain.toReversed()) {
    below = chainIdAbove(below, record.diffId);
    layers.push(toLayer(record, layerDirectory(context.layout, record.id), below));
  }
  return layers.reverse();
}

/** For a driver's plan, which has no use for chain ids: they cost a hash a layer. */
export function layersForPlan(context: StoreContext, chain: readonly LayerRecord[]): Layer[] {
  return chain.map((record) => toLayer(record, layerDirectory(context.layout, record.id), null));
}
