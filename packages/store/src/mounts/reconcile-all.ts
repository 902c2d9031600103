import { stateLockFile } from "../locks/layer-locks.ts";
import { type HeldLock, takeLock, tryLock } from "../locks/take-lock.ts";
import type { StoreContext } from "../store-context.ts";
import { findLayer } from "./find-layer.ts";
import type { FiledRecord, MountRecord } from "./mount-record.ts";
import { reconcile } from "./reconcile.ts";
import { allRecords, recordsOfLayer } from "./record-files.ts";
import { sweepTargets } from "./sweep-targets.ts";
import { isDead } from "./this-process.ts";

/**
 * Compares all records with the kernel, layer by layer; gives how many were dropped. A layer that somebody is mounting or
 * unmounting right now is left to him; what a killed process left is waited for.
 */
export async function reconcileAll(context: StoreContext, signal?: AbortSignal): Promise<number> {
  let dropped = 0;
  const byLayer = Map.groupBy(allRecords(context).records, ({ record }) => record.layer);
  for (const [id, records] of byLayer) {
    signal?.throwIfAborted();
    const lock = await lockUnlessInUse(context, id, records, signal);
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

/**
 * A process that is killed while it starts a daemon may leave a child that has not come to its exec yet, and until then has
 * all its descriptors, the lock's too: a third of the kills in the midst of spawn, for up to 185 ms on a busy machine.
 */
const CHILD_GETS_MS = 3000;

/** `busy` where somebody alive is at the layer, as far as its records tell. */
async function lockUnlessInUse(
  context: StoreContext,
  id: string,
  records: readonly FiledRecord[],
  signal: AbortSignal | undefined,
): Promise<HeldLock | null | "busy"> {
  const file = stateLockFile(context, id);
  const lock = tryLock(file, { kind: "exclusive" });
  if (lock !== "busy" || !records.some(({ record }) => isLeft(context, record))) return lock;
  let inUse = false;
  try {
    return await takeLock(file, {
      kind: "exclusive",
      signal,
      whileBusy: (note, waitedMs) => {
        inUse = note !== "" || waitedMs > CHILD_GETS_MS;
        if (inUse) throw new Error("busy");
      },
    });
  } catch (error) {
    if (inUse) return "busy";
    throw error;
  }
}

/** Did its process die with it? One of the store's own outlives its process. */
function isLeft({ process }: StoreContext, record: MountRecord): boolean {
  return (record.state === "intent" || record.owner === "process") && isDead(record.process, process);
}

async function reconcileLayer(context: StoreContext, id: string, records: readonly FiledRecord[]): Promise<number> {
  const live = await reconcile(context, findLayer(context, id), records);
  return records.length - live.length;
}
