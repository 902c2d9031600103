import { packLayer } from "@copyup/archive";
import { type Layer, StorageError } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import { lostPseudoLinks } from "../marks/pseudo-links.ts";
import type { OldLayer } from "../old-graph.ts";
import { OP } from "../read/refusals.ts";
import { archiveBytes } from "./archive-bytes.ts";
import { equalLayer } from "./equal-layer.ts";
import type { ImportedLayer, ImportOptions } from "./import-contract.ts";
import { labelsOf } from "./labels.ts";
import type { OldViews } from "./view-of.ts";

export interface Import {
  readonly store: LayerStore;
  readonly engine: string;
  readonly views: OldViews;
  readonly options: ImportOptions;
  /** The store's layers; new ones are added. */
  readonly known: Layer[];
  /** Old ids to new ones. */
  readonly newIds: Map<string, string>;
}

/** One layer whose parent is in the store: read from its directories, through a canonical archive, into a committed layer. */
export async function importLayer(work: Import, layer: OldLayer): Promise<ImportedLayer> {
  const { store, engine, views, options, known, newIds } = work;
  const { signal, onProgress, lossy } = options;
  signal?.throwIfAborted();
  const parent = layer.parent === null ? null : newParent(newIds, layer.parent);
  const comparison = await views.comparison(layer);
  const { equal, digest } = await equalLayer(known, parent, comparison, signal);
  const notes = layer.writing === "aufs" ? [lostPseudoLinks(layer.dir)].filter((note) => note !== null) : [];
  const about = { oldId: layer.id, names: layer.names, oldDiffId: layer.diffId };
  if (equal !== null) {
    newIds.set(layer.id, equal.id);
    return { ...about, newId: equal.id, reused: true, diffId: equal.diffId, notes, lost: equal.lost };
  }
  const pack = packLayer(comparison, { signal });
  const applied = await store.apply(archiveBytes(pack), {
    parent,
    labels: labelsOf(engine, layer),
    lossy,
    expectDiffId: digest ?? undefined,
    signal,
    onProgress,
  });
  known.push(applied.layer);
  newIds.set(layer.id, applied.layer.id);
  const left = pack.notes.map(({ path }) => `${path}: a socket, which no layer holds`);
  const { diffId, lost } = applied;
  return { ...about, newId: applied.layer.id, reused: false, diffId, notes: [...notes, ...left], lost };
}

function newParent(newIds: ReadonlyMap<string, string>, oldId: string): string {
  const id = newIds.get(oldId);
  if (id !== undefined) return id;
  throw new StorageError({
    code: "PARENT_NOT_FOUND",
    op: OP,
    layer: oldId,
    message: `its parent ${oldId} could not be imported`,
  });
}
