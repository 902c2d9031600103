import { isStorageError, StorageError } from "@copyup/core";
import { findRecord } from "../graph/find-record.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";

/** The record of a layer that shall be a parent. PARENT_NOT_FOUND, NOT_COMMITTED, BAD_ID. */
export function parentRecord(context: StoreContext, id: string, op: string): LayerRecord {
  const parent = existing(context, id, op);
  if (parent.state === "committed") return parent;
  throw new StorageError({
    code: "NOT_COMMITTED",
    op,
    driver: context.driver.name,
    layer: id,
    message: `layer ${id} is active, so it cannot be a parent`,
    hint: `commit it first: copyup layer commit ${id}`,
  });
}

function existing(context: StoreContext, id: string, op: string): LayerRecord {
  try {
    return findRecord(context, id, op, true);
  } catch (error) {
    if (!isStorageError(error, "NOT_FOUND")) throw error;
    throw new StorageError({
      code: "PARENT_NOT_FOUND",
      op,
      driver: context.driver.name,
      layer: id,
      message: `there is no layer ${id} to be the parent`,
      hint: "`copyup layer ls` lists the layers",
      cause: error,
    });
  }
}
