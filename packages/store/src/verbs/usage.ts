import { treeUsage } from "@copyup/archive";
import type { Usage } from "@copyup/core";
import { findRecord } from "../graph/find-record.ts";
import { namingMissingBodies } from "../graph/missing-bodies.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import type { LongOptions } from "../layer-store.ts";
import { layerDirectory } from "../layout.ts";
import { lockForReading } from "../locks/layer-locks.ts";
import { toLayer } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";

export async function usageOf(context: StoreContext, id: string, options: LongOptions): Promise<Usage> {
  const record = findRecord(context, id, "usage");
  requireKnownBody(context, [record], "usage");
  const layer = toLayer(record, layerDirectory(context.layout, id), null);
  const lock = await lockForReading(context, id, { op: "usage", signal: options.signal });
  try {
    return await namingMissingBodies(context, [layer], "usage", async () =>
      context.driver.usage ? context.driver.usage(layer) : treeUsage(context.driver.access(layer).dir, options),
    );
  } finally {
    lock?.release();
  }
}
