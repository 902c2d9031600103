import type { Paced } from "../pace.ts";
import { CLOSED, COPIED, DETACHED, OPAQUE, WHITEOUT } from "./directory-table.ts";
import { badArchive } from "./failures.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";

/**
 * Once all entries are read: marks what lies in a replaced directory as gone, and where nothing of the view below shows
 * through. A directory is known after the one it lies in, so one pass is enough.
 */
export function* settleVisibility(layer: LayerInProgress, due: () => boolean): Paced<void> {
  const { table } = layer;
  for (let id = 1; id < table.count; id++) {
    const parent = table.parent[id]!;
    if (table.has(parent, DETACHED)) table.mark(id, DETACHED);
    else if (table.has(parent, CLOSED | OPAQUE) || table.has(id, WHITEOUT)) table.mark(id, CLOSED);
    if (table.has(id, COPIED) && table.has(id, CLOSED) && !table.has(id, DETACHED)) {
      throw badArchive(table.path(id), "deleted by the archive, and the target of one of its hard links");
    }
    if (due()) yield;
  }
}
