import type { Layer } from "@copyup/core";
import { isStorageError } from "@copyup/core";
import { chainIdAbove } from "../graph/chain-id.ts";
import { chainOf } from "../graph/chain-of.ts";
import { findRecord } from "../graph/find-record.ts";
import { layersOf } from "../graph/layers-of.ts";
import { listRecords } from "../graph/list-records.ts";
import { layerDirectory } from "../layout.ts";
import { type LayerRecord, toLayer } from "../record/layer-record.ts";
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

/** Oldest first, a parent before its children. Layers with unreadable records are left out: `check` names them. */
export function listLayers(context: StoreContext): Layer[] {
  const { records } = listRecords(context);
  const layers = new Map<string, { layer: Layer; depth: number }>();
  for (const record of records.values()) place(context, record, records, layers);
  return [...layers.values()].toSorted(byAge).map(({ layer }) => layer);
}

type Placed = { layer: Layer; depth: number };

/** Iterative: a chain may be 500 deep. */
function place(
  context: StoreContext,
  record: LayerRecord,
  records: Map<string, LayerRecord>,
  placed: Map<string, Placed>,
): void {
  const waiting: LayerRecord[] = [];
  const seen = new Set<string>();
  for (
    let at: LayerRecord | undefined = record;
    at && !placed.has(at.id) && !seen.has(at.id);
    at = at.parent === null ? undefined : records.get(at.parent)
  ) {
    waiting.push(at);
    seen.add(at.id);
  }
  for (const next of waiting.reverse()) {
    const parent = next.parent === null ? undefined : (placed.get(next.parent) ?? null);
    // `undefined`: a base. `null`: the parent is missing, so there is no chain id.
    const below = parent === undefined ? undefined : (parent?.layer.chainId ?? null);
    const layer = toLayer(next, layerDirectory(context.layout, next.id), chainIdAbove(below, next.diffId));
    placed.set(next.id, { layer, depth: (parent?.depth ?? 0) + 1 });
  }
}

function byAge(a: Placed, b: Placed): number {
  if (a.layer.createdAt !== b.layer.createdAt) return a.layer.createdAt < b.layer.createdAt ? -1 : 1;
  return a.depth - b.depth || (a.layer.id < b.layer.id ? -1 : 1);
}
