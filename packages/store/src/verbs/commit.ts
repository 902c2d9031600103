import { packLayer, writeManifest } from "@copyup/archive";
import { type Layer, StorageError } from "@copyup/core";
import { syncFilesystem } from "@copyup/linux";
import { requireOwnIds } from "../errors/require-own-ids.ts";
import { requireWritable } from "../errors/require-writable.ts";
import { chainOf } from "../graph/chain-of.ts";
import { compareWithParent } from "../graph/compare-with-parent.ts";
import { layersOf } from "../graph/layers-of.ts";
import { namingMissingBodies } from "../graph/missing-bodies.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import type { CommitOptions } from "../layer-store.ts";
import { layerDirectory, manifestOf } from "../layout.ts";
import { lockState } from "../locks/layer-locks.ts";
import { liveUses } from "../mounts/live-uses.ts";
import { refuseUsed } from "../mounts/refuse-conflict.ts";
import { changeRecord } from "../record/change-record.ts";
import { checkLabels } from "../record/check-labels.ts";
import type { StoreContext } from "../store-context.ts";
import { getLayer } from "./get.ts";

/**
 * Makes an active layer committed. The one moment that counts is the replacement of layer.json; before it the layer is
 * active as it was, whatever kills us. The layer's state lock is held all the while, marked long: a mount asked for
 * meanwhile is refused, not kept waiting.
 */
export async function commitLayer(context: StoreContext, id: string, options: CommitOptions): Promise<Layer> {
  const { signal, onProgress, durability = "data" } = options;
  requireWritable(context, "commit", id);
  requireOwnIds(context, "commit", id);
  checkLabels(options.labels, "commit");
  requireActive(context, getLayer(context, id, "commit"));
  using _state = await lockState(context, id, { op: "commit", signal, long: true });
  const records = chainOf(context, id, "commit", true);
  requireKnownBody(context, records, "commit");
  const chain = layersOf(context, records) as [Layer, ...Layer[]];
  const layer = chain[0];
  requireActive(context, layer);
  refuseUsed(context, id, "commit", await liveUses(context, layer));
  const progress = { signal, onProgress };
  const contentId = await namingMissingBodies(context, chain, "commit", async () => {
    await context.driver.seal?.(layer);
    const comparison = compareWithParent(context.driver, chain);
    await writeManifest(comparison, manifestOf(layerDirectory(context.layout, id)), progress);
    return options.diffId ? await digestOf(packLayer(comparison, { ...progress, reuse: true })) : null;
  });
  if (durability === "data") await syncFilesystem(context.layout.root, signal);
  signal?.throwIfAborted();
  await changeRecord(
    context,
    id,
    "commit",
    (record) => ({ state: "committed", diffId: contentId, contentId, labels: { ...record.labels, ...options.labels } }),
    durability === "data",
  );
  return getLayer(context, id, "commit");
}

async function digestOf(packed: ReturnType<typeof packLayer>): Promise<string> {
  for await (const _ of packed) {
    // Only the digest is wanted.
  }
  return packed.digest;
}

export function requireActive(context: StoreContext, layer: Layer, op = "commit"): void {
  if (layer.state === "active") return;
  throw new StorageError({
    code: "NOT_ACTIVE",
    op,
    driver: context.driver.name,
    layer: layer.id,
    message: `layer ${layer.id} is committed already`,
    hint: `create a layer on it: copyup layer create --parent ${layer.id}`,
  });
}
