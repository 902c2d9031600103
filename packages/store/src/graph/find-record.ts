import { checkLayerId, StorageError } from "@copyup/core";
import { AT_FDCWD, existsAt } from "@copyup/linux";
import { layerDirectory, recordOf } from "../layout.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";

/** The record of an existing layer. Throws BAD_ID, NOT_FOUND, CORRUPT (also for a directory without a record). */
export function findRecord(context: StoreContext, id: string, op: string, fresh = false): LayerRecord {
  checkLayerId(id, op);
  const record = fresh ? context.cache.readAgain(id) : context.cache.read(id);
  if (record !== null) return record;
  const directory = layerDirectory(context.layout, id);
  const driver = context.driver.name;
  if (existsAt(AT_FDCWD, directory)) {
    throw new StorageError({
      code: "CORRUPT",
      op,
      driver,
      layer: id,
      path: recordOf(directory),
      message: `layer ${id} has no layer.json`,
      hint: `\`copyup layer rm ${id}\` removes what is left of it`,
    });
  }
  throw new StorageError({
    code: "NOT_FOUND",
    op,
    driver,
    layer: id,
    message: `there is no layer ${id}`,
    hint: "`copyup layer ls` lists the layers",
  });
}
