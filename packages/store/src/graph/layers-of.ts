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
    below = chainIdOf(record, below);
    layers.push(toLayer(record, layerDirectory(context.layout, record.id), below));
  }
  return layers.reverse();
}

/** Records are read once and kept (RecordCache), and so is this: a layer on 500 others would cost 500 hashes. */
const known = new WeakMap<LayerRecord, { below: string | null | undefined; chainId: string | null }>();

function chainIdOf(record: LayerRecord, below: string | null | undefined): string | null {
  const before = known.get(record);
  if (before !== undefined && before.below === below) return before.chainId;
  const chainId = chainIdAbove(below, record.diffId);
  known.set(record, { below, chainId });
  return chainId;
}

/** By record: both never change, and a mount asks for those of a whole chain. A record is one store's. */
const planned = new WeakMap<LayerRecord, Layer>();

/** For a driver's plan, which has no use for chain ids: they cost a hash a layer. */
export function layersForPlan(context: StoreContext, chain: readonly LayerRecord[]): Layer[] {
  return chain.map((record) => {
    let layer = planned.get(record);
    if (layer === undefined) {
      layer = toLayer(record, layerDirectory(context.layout, record.id), null);
      planned.set(record, layer);
    }
    return layer;
  });
}
