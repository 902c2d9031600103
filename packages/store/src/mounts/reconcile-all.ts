import { stateLockFile } from "../locks/layer-locks.ts";
import { tryLock } from "../locks/take-lock.ts";
import type { StoreContext } from "../store-context.ts";
import { findLayer } from "./find-layer.ts";
import type { FiledRecord } from "./mount-record.ts";
import { reconcile } from "./reconcile.ts";
import { allRecords, recordsOfLayer } from "./record-files.ts";
import { sweepTargets } from "./sweep-targets.ts";

/**
 * Compares all records with the kernel, layer by layer; gives how many were dropped. A layer that somebody is mounting or
 * unmounting right now is left to him.
 */
export async function reconcileAll(context: StoreContext, signal?: AbortSignal): Promise<number> {
  let dropped = 0;
  const byLayer = Map.groupBy(allRecords(context).records, ({ record }) => record.layer);
  for (const [id, records] of byLayer) {
    signal?.throwIfAborted();
    const lock = tryLock(stateLockFile(context, id), { kind: "exclusive" });
    if (lock === "busy") continue;
    try {
      dropped += await reconcileLayer(context, id, lock === null ? records : recordsOfLayer(context, id));
    } finally {
      lock?.release();
    }
  }
  sweepTargets(context);
  return dropped;
}

async function reconcileLayer(context: StoreContext, id: string, records: readonly FiledRecord[]): Promise<number> {
  const live = await reconcile(context, findLayer(context, id), records);
  return records.length - live.length;
}
