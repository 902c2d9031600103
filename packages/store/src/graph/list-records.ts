import { isLayerId, isStorageError, type StorageError } from "@copyup/core";
import { listDirectory } from "@copyup/linux";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";

export interface Listing {
  readonly records: Map<string, LayerRecord>;
  /** Directories whose record is missing (null) or cannot be understood. */
  readonly unreadable: Map<string, StorageError | null>;
}

/** Reads the whole graph from disk. */
export function listRecords(context: StoreContext): Listing {
  const records = new Map<string, LayerRecord>();
  const unreadable = new Map<string, StorageError | null>();
  for (const name of listDirectory(context.layout.layers)) {
    if (!isLayerId(name)) {
      unreadable.set(name, null);
      continue;
    }
    try {
      const record = context.cache.read(name);
      if (record) records.set(name, record);
      else unreadable.set(name, null);
    } catch (error) {
      if (!isStorageError(error)) throw error;
      unreadable.set(name, error);
    }
  }
  return { records, unreadable };
}

export function childrenOf(listing: Listing, id: string): string[] {
  return [...listing.records.values()]
    .filter((record) => record.parent === id)
    .map((record) => record.id)
    .sort();
}
