import type { Layer } from "@copyup/core";
import type { StoreContext } from "../store-context.ts";
import type { LiveMount } from "./live-mount.ts";
import { reconcile } from "./reconcile.ts";
import { recordsOfLayer } from "./record-files.ts";

/** All uses a layer really has now. The caller holds its state lock. */
export function liveUses(context: StoreContext, layer: Layer): LiveMount[] | Promise<LiveMount[]> {
  const records = recordsOfLayer(context, layer.id);
  return records.length === 0 ? [] : reconcile(context, layer, records);
}
