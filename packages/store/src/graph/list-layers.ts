import type { Layer } from "@copyup/core";
import { type Layout, layerDirectory } from "../layout.ts";
import { type LayerRecord, toLayer } from "../record/layer-record.ts";
import { chainIdAbove } from "./chain-id.ts";
import { listRecords, type RecordSource } from "./list-records.ts";

/** Oldest first, a parent before its children. Layers with unreadable records are left out: `check` names them. */
export function listLayers(source: RecordSource): Layer[] {
  const { records } = listRecords(source);
  const layers = new Map<string, Placed>();
  for (const record of records.values()) place(source.layout, record, records, layers);
  return [...layers.values()].toSorted(byAge).map(({ layer }) => layer);
}

type Placed = { layer: Layer; depth: number };

/** Iterative: a chain may be 500 deep. */
function place(
  layout: Layout,
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
    const layer = toLayer(next, layerDirectory(layout, next.id), chainIdAbove(below, next.diffId));
    placed.set(next.id, { layer, depth: (parent?.depth ?? 0) + 1 });
  }
}

function byAge(a: Placed, b: Placed): number {
  if (a.layer.createdAt !== b.layer.createdAt) return a.layer.createdAt < b.layer.createdAt ? -1 : 1;
  return a.depth - b.depth || (a.layer.id < b.layer.id ? -1 : 1);
}
