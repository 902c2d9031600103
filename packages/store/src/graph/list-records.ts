import { readdirSync } from "node:fs";
import { isLayerId, isStorageError, type StorageError } from "@copyup/core";
import type { Layout } from "../layout.ts";
import type { LayerRecord } from "../record/layer-record.ts";

/** Where records come from: an opened store's cache, or the files themselves. */
export interface RecordSource {
  readonly layout: Layout;
  /** Null where there is no such layer. Throws CORRUPT, STORE_FORMAT. */
  read(id: string): LayerRecord | null;
}

export interface Listing {
  readonly records: Map<string, LayerRecord>;
  /** Directories whose record is missing (null) or cannot be understood. */
  readonly unreadable: Map<string, StorageError | null>;
}

/** Reads the whole graph from disk. */
export function listRecords(source: RecordSource): Listing {
  const records = new Map<string, LayerRecord>();
  const unreadable = new Map<string, StorageError | null>();
  for (const name of readdirSync(source.layout.layers)) {
    if (!isLayerId(name)) {
      unreadable.set(name, null);
      continue;
    }
    try {
      const record = source.read(name);
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
