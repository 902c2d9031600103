import { isStorageError, type Layer } from "@copyup/core";
import { findRecord } from "../graph/find-record.ts";
import { layersForPlan } from "../graph/layers-of.ts";
import type { StoreContext } from "../store-context.ts";

/** For looking after mounts: null for a layer whose record is missing or bad, or of a driver that is not here. */
export function findLayer(context: StoreContext, id: string): Layer | null {
  try {
    const record = findRecord(context, id, "mounts");
    return record.driver === context.driver.name ? (layersForPlan(context, [record])[0] ?? null) : null;
  } catch (error) {
    if (isStorageError(error)) return null;
    throw error;
  }
}
