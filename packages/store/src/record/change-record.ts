import { findRecord } from "../graph/find-record.ts";
import { layerDirectory, recordOf } from "../layout.ts";
import type { StoreContext } from "../store-context.ts";
import { writeAtomically } from "./atomic-write.ts";
import { formatLayerRecord, type LayerRecord } from "./layer-record.ts";

/** Replaces fields of a layer's record. The caller holds the layer's state lock, so nobody's change is lost. */
export function changeRecord(
  context: StoreContext,
  id: string,
  op: string,
  change: (record: LayerRecord) => Partial<LayerRecord>,
  durable = true,
): LayerRecord {
  const before = findRecord(context, id, op, true);
  const record = { ...before, ...change(before) };
  writeAtomically(recordOf(layerDirectory(context.layout, id)), formatLayerRecord(record), {
    scratch: context.scratch,
    durable,
  });
  context.cache.forget(id);
  return record;
}
