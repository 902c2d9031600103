import type { Layer } from "@copyup/core";
import type { PrepareOptions } from "../layer-store.ts";
import type { StoreContext } from "../store-context.ts";
import { buildLayer } from "../transaction/build-layer.ts";

/**
 * A new active layer. Only its record is synced: what will be written into it is not durable before the commit either, and
 * the commit syncs all of it.
 */
export function prepareLayer(context: StoreContext, options: PrepareOptions): Promise<Layer> {
  const { parent = null, id, labels, signal, onProgress } = options;
  return buildLayer(
    context,
    { op: "prepare", parent: parent ?? null, id, labels, receive: false, durability: "record", signal, onProgress },
    async () => ({}),
  );
}
