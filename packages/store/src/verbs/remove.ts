import { checkLayerId, isStorageError } from "@copyup/core";
import { AT_FDCWD, existsAt, mountsBelow } from "@copyup/linux";
import { listNames } from "../errors/list-names.ts";
import { requireDescriptors } from "../errors/require-descriptors.ts";
import { requireWritable } from "../errors/require-writable.ts";
import { findRecord } from "../graph/find-record.ts";
import { childrenOf, listRecords } from "../graph/list-records.ts";
import type { LongOptions } from "../layer-store.ts";
import { layerDirectory } from "../layout.ts";
import { inUse, lockForRemoval, lockState } from "../locks/layer-locks.ts";
import { withStoreLock } from "../locks/with-store-lock.ts";
import { findLayer } from "../mounts/find-layer.ts";
import { reconcile } from "../mounts/reconcile.ts";
import { recordsOfLayer } from "../mounts/record-files.ts";
import { refuseUsed } from "../mounts/refuse-conflict.ts";
import { syncDirectory } from "../record/sync-file.ts";
import type { StoreContext } from "../store-context.ts";
import { openGrave } from "../transaction/bury.ts";

/**
 * Renames the layer into trash/, which is the removal, then empties the trash. A signal is heeded up to the rename; after it
 * the layer is gone, and an abort only leaves the rest of the trash to the next sweep. A layer whose record is bad can be
 * removed too.
 */
export async function removeLayer(context: StoreContext, id: string, options: LongOptions): Promise<void> {
  const { signal } = options;
  requireWritable(context, "remove", id);
  requireDescriptors();
  checkLayerId(id, "remove");
  if (!existsAt(AT_FDCWD, layerDirectory(context.layout, id))) findRecord(context, id, "remove");
  using _use = await lockForRemoval(context, id, { op: "remove", signal });
  using _state = await lockState(context, id, { op: "remove", signal, long: true });
  const layer = findLayer(context, id);
  refuseUsed(context, id, "remove", await reconcile(context, layer, recordsOfLayer(context, id)));
  refuseMountsInside(context, id);
  if (layer?.state !== "active") refuseParents(context, id);
  const grave = openGrave(context);
  try {
    await withStoreLock(context, "remove", signal, () => {
      signal?.throwIfAborted();
      grave.take(layerDirectory(context.layout, id));
    });
  } catch (error) {
    grave.claim.release();
    throw error;
  }
  context.cache.forget(id);
  await syncDirectory(context.layout.layers);
  try {
    if (layer) await context.driver.destroy?.({ ...layer, body: `${grave.dir}/body` });
    await grave.claim.discard(options);
  } catch (error) {
    grave.claim.release();
    if (!signal?.aborted && !isStorageError(error)) throw error;
  }
}

/**
 * Looks at every record, so not under the store's lock: with 100,000 layers nobody could mount or publish for seconds. None
 * can become a child meanwhile, for who builds one holds the use lock that we hold. An active layer has no children at all.
 */
function refuseParents(context: StoreContext, id: string): void {
  const children = childrenOf(listRecords(context.cache), id);
  if (children.length > 0)
    throw inUse(context, id, "remove", `is the parent of ${listNames(children)}`, "remove those first");
}

/** Somebody mounted something in the layer's own directory: it would go along into the trash, and could not be removed. */
function refuseMountsInside(context: StoreContext, id: string): void {
  const [inside] = mountsBelow(layerDirectory(context.layout, id));
  if (inside)
    throw inUse(
      context,
      id,
      "remove",
      `has a mount inside: ${inside.target}`,
      `unmount it first: umount ${inside.target}`,
    );
}
