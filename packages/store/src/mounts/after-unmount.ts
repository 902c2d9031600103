import type { Layer } from "@copyup/core";
import type { StoreContext } from "../store-context.ts";
import type { FiledRecord } from "./mount-record.ts";

/** These mounts are gone and nothing else uses the layer: the driver may tidy what a writable one left in its upper. */
export async function afterUnmount(
  context: StoreContext,
  layer: Layer | null,
  gone: readonly FiledRecord[],
): Promise<void> {
  if (layer?.state !== "active" || !gone.some(({ record }) => record.writable)) return;
  await context.driver.afterUnmount?.(layer);
}
