import { type Comparison, checkManifest, packLayer } from "@copyup/archive";
import { isStorageError, type Layer, type Progress } from "@copyup/core";
import { AT_FDCWD, existsAt } from "@copyup/linux";
import { chainOf } from "../graph/chain-of.ts";
import { compareWithParent } from "../graph/compare-with-parent.ts";
import { layersForPlan } from "../graph/layers-of.ts";
import type { CheckOptions } from "../layer-store.ts";
import { layerDirectory, manifestOf } from "../layout.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";
import type { Problem } from "./problem.ts";

/**
 * A committed layer against its manifest, which names what changed; then, if that was well and the canonical digest is
 * known, against it: it sees attributes too, which the manifest does not hold.
 */
export async function checkContent(
  context: StoreContext,
  record: LayerRecord,
  options: CheckOptions,
  found: (problem: Problem) => void,
): Promise<{ files: number; bytes: number }> {
  const none = { files: 0, bytes: 0 };
  if (record.state !== "committed" || record.driver !== context.driver.name) return none;
  const manifest = manifestOf(layerDirectory(context.layout, record.id));
  if (!existsAt(AT_FDCWD, manifest)) {
    found({ layer: record.id, path: manifest, kind: "missing", message: "its manifest is missing" });
    return none;
  }
  const chain = wholeChain(context, record.id);
  if (chain === null) return none;
  let read: Progress = { phase: "check", entries: 0, bytes: 0 };
  const onProgress = (progress: Progress) => {
    read = progress;
    options.onProgress?.(progress);
  };
  let good = true;
  try {
    const comparison = compareWithParent(context.driver, chain);
    for await (const { path, kind, message } of checkManifest(manifest, comparison.above, {
      signal: options.signal,
      onProgress,
    })) {
      good = false;
      found({ layer: record.id, path, kind, message });
    }
    // The digest is of the owners of the namespace it was made in.
    if (good && record.contentId && context.foreignIds === null) await checkDigest(record, comparison, options, found);
  } catch (error) {
    if (options.signal?.aborted || !isStorageError(error)) throw error;
    found({ layer: record.id, path: error.path ?? null, kind: "content", message: error.message });
  }
  return { files: read.entries, bytes: read.bytes };
}

async function checkDigest(
  record: LayerRecord,
  comparison: Comparison,
  options: CheckOptions,
  found: (problem: Problem) => void,
): Promise<void> {
  const pack = packLayer(comparison, { signal: options.signal, reuse: true });
  for await (const _ of pack) {
    // Only the digest is wanted.
  }
  const digest = await pack.digest;
  if (digest === record.contentId) return;
  const message = `its content is ${digest}, it was ${record.contentId}: attributes of files have changed`;
  found({ layer: record.id, path: null, kind: "content-id", message });
}

/** Null where an ancestor is missing, which is told of elsewhere. */
function wholeChain(context: StoreContext, id: string): [Layer, ...Layer[]] | null {
  try {
    return layersForPlan(context, chainOf(context, id, "check")) as [Layer, ...Layer[]];
  } catch (error) {
    if (isStorageError(error)) return null;
    throw error;
  }
}
