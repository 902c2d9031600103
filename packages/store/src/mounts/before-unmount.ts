import type { Layer } from "@copyup/core";
import { chainForPlan } from "../graph/chain-for-plan.ts";
import { lockStateIfThere } from "../locks/layer-locks.ts";
import type { StoreContext } from "../store-context.ts";
import type { LiveMount } from "./live-mount.ts";
import { liveUses } from "./live-uses.ts";
import { recordsOfLayer } from "./record-files.ts";

/** Lets the driver bring into the layer what only this mount shows so far. The caller holds the layer's state lock. */
export async function beforeUnmount(context: StoreContext, layer: Layer | null, use: LiveMount): Promise<void> {
  if (!layer || !context.driver.beforeUnmount) return;
  const { layers: chain } = chainForPlan(context, layer.id, "unmount");
  const { mode } = use.record;
  await context.driver.beforeUnmount({ chain, mode, target: use.at, plan: context.driver.plan(chain, mode) });
}

/**
 * The same before the layer's own directory is read while it is mounted: else a diff of a mounted layer would be another one
 * than after the unmount (catalogue DA20). A mount of another namespace cannot be reached, and is read as it is.
 */
export async function beforeReading(
  context: StoreContext,
  layer: Layer,
  wish: { readonly op: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  if (!context.driver.beforeUnmount || !context.writable || layer.state !== "active") return;
  if (recordsOfLayer(context, layer.id).length === 0) return;
  const lock = await lockStateIfThere(context, layer.id, wish);
  try {
    const uses = await liveUses(context, layer);
    const use = uses.find(({ state, dead, record }) => state === "here" && !dead && record.mode === "rw");
    if (use) await beforeUnmount(context, layer, use);
  } finally {
    lock?.release();
  }
}
