import { packLayer } from "@copyup/archive";
import { type Layer, StorageError } from "@copyup/core";
import { isSystemError } from "@copyup/linux";
import { explain } from "../errors/explain.ts";
import { requireOwnIds } from "../errors/require-own-ids.ts";
import { chainOf } from "../graph/chain-of.ts";
import { compareWithParent } from "../graph/compare-with-parent.ts";
import { layersOf } from "../graph/layers-of.ts";
import { missingBody } from "../graph/missing-bodies.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import type { DiffNote, DiffOptions, LayerDiff } from "../layer-store.ts";
import { lockForReading, lockState } from "../locks/layer-locks.ts";
import { beforeReading } from "../mounts/before-unmount.ts";
import { changeRecord } from "../record/change-record.ts";
import { circumstances, type StoreContext } from "../store-context.ts";

/** The canonical tar of a layer. The layer cannot be removed while it is read; nothing else is kept from happening to it. */
export function diffLayer(context: StoreContext, id: string, options: DiffOptions): LayerDiff {
  const { promise: digest, resolve, reject } = Promise.withResolvers<string>();
  // Nobody need look at the digest; the failure is told by the bytes.
  digest.catch(() => {});
  const notes: DiffNote[] = [];
  let started = false;
  const bytes = async function* () {
    try {
      options.signal?.throwIfAborted();
      const lock = await lockForReading(context, id, { op: "diff", signal: options.signal });
      try {
        resolve(yield* packed(context, id, options, notes));
      } finally {
        lock?.release();
      }
    } catch (error) {
      const explained = explain(error, circumstances(context, "diff", id, options.signal));
      reject(explained);
      throw explained;
    } finally {
      // Settled already, unless the reader stopped early.
      reject(new StorageError({ code: "ABORTED", op: "diff", layer: id, message: "the diff was not read to its end" }));
    }
  };
  return {
    digest,
    notes,
    [Symbol.asyncIterator]() {
      if (started) throw new TypeError("a diff can be read once");
      started = true;
      return bytes();
    },
  };
}

async function* packed(
  context: StoreContext,
  id: string,
  options: DiffOptions,
  notes: DiffNote[],
): AsyncGenerator<Uint8Array, string> {
  requireOwnIds(context, "diff", id);
  const records = chainOf(context, id, "diff", true);
  requireKnownBody(context, records, "diff");
  const chain = layersOf(context, records) as [Layer, ...Layer[]];
  await beforeReading(context, chain[0], { op: "diff", signal: options.signal });
  const pack = packLayer(compareWithParent(context.driver, chain), options);
  try {
    yield* pack;
  } catch (error) {
    throw missingBody(context, chain, "diff", error) ?? error;
  }
  const contentId = await pack.digest;
  notes.push(...pack.notes);
  if (chain[0].state === "committed") await keepContentId(context, chain[0], contentId, options.signal);
  return contentId;
}

/**
 * A committed layer's canonical digest is a property of it: kept when it is first known, compared ever after. It is the
 * diff id too of a layer that was made here.
 */
async function keepContentId(
  context: StoreContext,
  layer: Layer,
  contentId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (layer.contentId === contentId) return;
  if (layer.contentId !== null) {
    throw new StorageError({
      code: "CORRUPT",
      op: "diff",
      driver: context.driver.name,
      layer: layer.id,
      message: `layer ${layer.id} has changed: its content is ${contentId}, it was ${layer.contentId}`,
      hint: "`copyup store check` names the files",
    });
  }
  if (!context.writable) return;
  using _state = await lockState(context, layer.id, { op: "diff", signal });
  try {
    await changeRecord(context, layer.id, "diff", (record) => ({ contentId, diffId: record.diffId ?? contentId }));
  } catch (error) {
    // On a full disk a layer can still be exported; its digest is kept next time.
    if (!isSystemError(error)) throw error;
  }
}
