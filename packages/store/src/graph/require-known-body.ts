import { StorageError } from "@copyup/core";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";

/** Before the driver is shown a layer: is it one of its own, in a layout it knows? WRONG_DRIVER, STORE_FORMAT. */
export function requireKnownBody(context: StoreContext, records: readonly LayerRecord[], op: string): void {
  const { name, bodyFormat } = context.driver;
  for (const record of records) {
    if (record.driver !== name) {
      throw new StorageError({
        code: "WRONG_DRIVER",
        op,
        driver: name,
        layer: record.id,
        message: `layer ${record.id} belongs to the driver ${record.driver}, the store is opened with ${name}`,
        hint: `a diff taken with ${record.driver} can be applied here`,
      });
    }
    if (record.bodyFormat !== bodyFormat) {
      throw new StorageError({
        code: "STORE_FORMAT",
        op,
        driver: name,
        layer: record.id,
        message: `layer ${record.id} has body format ${record.bodyFormat}; this ${name} knows ${bodyFormat}`,
        hint: "use the copyup that wrote it, or a newer one",
      });
    }
  }
}
