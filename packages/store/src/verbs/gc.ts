import { requireWritable } from "../errors/require-writable.ts";
import type { GcReport, LongOptions } from "../layer-store.ts";
import { dropUnreadable } from "../mounts/drop-unreadable.ts";
import { reconcileAll } from "../mounts/reconcile-all.ts";
import type { StoreContext } from "../store-context.ts";
import { sweepRoom } from "../transaction/sweep.ts";

/** Removes what dead processes left, and records of mounts that are no more. Layers are never touched. */
export async function collectGarbage(context: StoreContext, options: LongOptions): Promise<GcReport> {
  requireWritable(context, "gc");
  const long = { ...options, measure: true };
  const mountRecords = (await reconcileAll(context, options.signal)) + dropUnreadable(context);
  const staging = await sweepRoom(context.layout.staging, long);
  const trash = await sweepRoom(context.layout.trash, long);
  const scratch = await sweepRoom(context.layout.scratch, long);
  return {
    staging: staging.count,
    trash: trash.count,
    mountRecords,
    bytes: staging.bytes + trash.bytes + scratch.bytes,
  };
}
