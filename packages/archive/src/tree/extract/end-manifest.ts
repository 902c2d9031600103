import type { Paced } from "../pace.ts";
import { DIRECTORY, OPAQUE, ROOT, WHITEOUT } from "./directory-table.ts";
import { extractionError } from "./failures.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { exists } from "./write-marks.ts";

/** Adds what is only known when all entries are: directories, those without an entry too, and what is deleted. */
export function* endManifest(layer: LayerInProgress, due: () => boolean): Paced<void> {
  const { table } = layer;
  for (let id = ROOT; id < table.count && layer.manifest !== null; id++) {
    try {
      tell(layer, id);
    } catch (error) {
      throw extractionError(error, table.path(id), layer.rootFd);
    }
    if (due()) yield;
  }
  layer.manifest?.end();
}

function tell(layer: LayerInProgress, id: number): void {
  const { table } = layer;
  // What a directory hides without naming it would have to be listed below.
  const hides = table.has(id, DIRECTORY) && table.has(id, OPAQUE | WHITEOUT) && layer.below.directory(id) !== null;
  if (hides) {
    layer.giveUpManifest();
    return;
  }
  const name = table.name(id);
  const parent = table.parent[id]!;
  if (table.has(id, DIRECTORY)) layer.manifest!.line("directory", 0, 0, parent, name, 0);
  else if (table.has(id, WHITEOUT) && !exists(layer, parent, name)) layer.manifest!.line("gone", 0, 0, parent, name, 0);
}
