import { findRecord } from "../graph/find-record.ts";
import { layerDirectory, recordOf } from "../layout.ts";
import type { StoreContext } from "../store-context.ts";
import { writeAtomically, writeDurably } from "./atomic-write.ts";
import { formatLayerRecord, type LayerRecord } from "./layer-record.ts";

/** Replaces fields of a layer's record. The caller holds the layer's state lock, so nobody's change is lost. */
export async function changeRecord(
  context: StoreContext,
  id: string,
  op: string,
  change: (record: LayerRecord) => Partial<LayerRecord>,
  durable = true,
): Promise<void> {
  const before = findRecord(context, id, op, true);
  const file = recordOf(layerDirectory(context.layout, id));
  const text = formatLayerRecord({ ...before, ...change(before) });
  if (durable) await writeDurably(file, text, { scratch: context.scratch });
  else writeAtomically(file, text, { scratch: context.scratch });
  context.cache.forget(id);
}
