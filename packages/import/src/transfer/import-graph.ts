import { type ErrorCode, isStorageError, StorageError } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { DamagedLayer, OldGraph, OldLayer } from "../old-graph.ts";
import { OP } from "../read/refusals.ts";
import type { FailedLayer, ImportedLayer, ImportOptions, ImportReport } from "./import-contract.ts";
import { importLayer } from "./import-layer.ts";
import { allMounts, mountOf } from "./live-mounts.ts";
import { parentsFirst } from "./parents-first.ts";
import { select } from "./select.ts";
import { OldViews } from "./view-of.ts";

/** About the one layer; others may still be whole. What is wrong with the store or its disk ends the import. */
const OF_ONE_LAYER: readonly ErrorCode[] = [
  "BAD_ARCHIVE",
  "CORRUPT",
  "IO",
  "LAYER_IN_USE",
  "LIMIT_EXCEEDED",
  "NEEDS_PRIVILEGE",
  "NOT_REPRESENTABLE",
  "PARENT_NOT_FOUND",
  "TOO_MANY_LAYERS",
];

/** Brings an engine's layers into the store, a parent before its children; each is whole or not there. */
export async function importGraph(
  store: LayerStore,
  engine: string,
  graph: OldGraph,
  options: ImportOptions,
): Promise<ImportReport> {
  const { layers, orphans } = parentsFirst(graph.layers);
  const { wanted, leftOut } = select(layers, options.containers === true);
  const failed: FailedLayer[] = [...graph.damaged, ...orphans].map(asFailure);
  const imported: ImportedLayer[] = [];
  const views = new OldViews(graph, options.signal);
  const work = { store, engine, views, options, known: await store.list(), newIds: new Map<string, string>() };
  const mounts = wanted.some(({ role }) => role === "container") ? allMounts() : [];
  for (const layer of wanted) {
    try {
      if (layer.role === "container") refuseMounted(layer, mountOf(layer.id, mounts));
      const done = await importLayer(work, layer);
      imported.push(done);
      options.onLayer?.(done);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!isStorageError(error) || !OF_ONE_LAYER.includes(error.code)) throw error;
      failed.push({ oldId: layer.id, error });
    }
  }
  return { layers: imported, failed, leftOut: [...graph.leftOut, ...leftOut], notes: graph.notes };
}

function asFailure({ id, message, path }: DamagedLayer): FailedLayer {
  const hint = "layers that do not stand on it are imported";
  return { oldId: id, error: new StorageError({ code: "CORRUPT", op: OP, layer: id, path, message, hint }) };
}

function refuseMounted({ id }: OldLayer, target: string | null): void {
  if (target === null) return;
  throw new StorageError({
    code: "LAYER_IN_USE",
    op: OP,
    layer: id,
    path: target,
    message: `a container may be writing to it: it is mounted at ${target}`,
    hint: "stop the container and import again",
  });
}
