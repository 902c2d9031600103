import { StorageError } from "@copyup/core";
import { AT_FDCWD, EEXIST, ENOTEMPTY, isSystemError, RENAME_NOREPLACE, renameAt } from "@copyup/linux";
import { layerDirectory } from "../layout.ts";
import { withStoreLock } from "../locks/with-store-lock.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import { syncDirectory } from "../record/sync-file.ts";
import type { StoreContext } from "../store-context.ts";
import { parentRecord } from "./parent-record.ts";

/**
 * The moment a layer comes into being: one rename, under the store's lock, after looking once more that its parent is still
 * there. Whatever had to be written and synced was so before.
 */
export async function publish(
  context: StoreContext,
  staged: string,
  record: LayerRecord,
  options: { op: string; durable: boolean; signal?: AbortSignal | undefined },
): Promise<void> {
  await withStoreLock(context, options.op, options.signal, () => {
    options.signal?.throwIfAborted();
    if (record.parent !== null) parentRecord(context, record.parent, options.op);
    try {
      renameAt(AT_FDCWD, staged, AT_FDCWD, layerDirectory(context.layout, record.id), RENAME_NOREPLACE);
    } catch (error) {
      if (isSystemError(error, EEXIST) || isSystemError(error, ENOTEMPTY))
        throw idTaken(context, record.id, options.op);
      throw error;
    }
  });
  context.cache.forget(record.id);
  // Not under the lock: a crash before it takes the layer back, and with it everything that was built on it meanwhile,
  // because the journal keeps the order of renames.
  if (options.durable) await syncDirectory(context.layout.layers);
}

export function idTaken(context: StoreContext, id: string, op: string): StorageError {
  return new StorageError({
    code: "EXISTS",
    op,
    driver: context.driver.name,
    layer: id,
    message: `there is a layer ${id} already`,
    hint: "leave the id out to get a fresh one",
  });
}
