import { requireWritable } from "../errors/require-writable.ts";
import type { GcReport, LongOptions } from "../layer-store.ts";
import { dropUnreadable } from "../mounts/drop-unreadable.ts";
import { reconcileAll } from "../mounts/reconcile-all.ts";
import type { StoreContext } from "../store-context.ts";
import { sweepRoom } from "../transaction/sweep.ts";

/** Removes what dead processes left, and records of mounts that are no more. Layers are never touched. */
export async function collectGarbage(context: StoreContext, options: LongOptions): Promise<GcReport> {
  requireWritable(context, "gc");
  const { signal } = options;
  const mountRecords = (await reconcileAll(context, signal)) + dropUnreadable(context);
  const staging = await sweepRoom(context.layout.staging, { signal, measure: true });
  const trash = await sweepRoom(context.layout.trash, { signal, measure: true });
  const scratch = await sweepRoom(context.layout.scratch, { signal, measure: true });
  return {
    staging: staging.count,
    trash: trash.count,
    mountRecords,
    bytes: staging.bytes + trash.bytes + scratch.bytes,
  };
}
