import { check, ENOENT, libc, O_CLOEXEC, O_NOFOLLOW, O_PATH } from "@copyup/linux";
import type { Paced } from "../pace.ts";
import { isDirectory } from "./copy-up.ts";
import type { DialectMarks } from "./dialect-marks.ts";
import { CLOSED, DETACHED, DIRECTORY, OPAQUE, ROOT, WHITEOUT } from "./directory-table.ts";
import { extractionError } from "./failures.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { pinName } from "./pinned-names.ts";

/** Writes what the archive deletes the way the dialect does: only where something of the view below would show. */
export function* writeMarks(layer: LayerInProgress, marks: DialectMarks, due: () => boolean): Paced<void> {
  if (layer.table.has(ROOT, OPAQUE)) yield* hideRoot(layer, marks, due);
  for (let id = 1; id < layer.table.count; id++) {
    try {
      markName(layer, marks, id);
    } catch (error) {
      throw extractionError(error, layer.table.path(id), layer.rootFd);
    }
    if (due()) yield;
  }
}

function markName(layer: LayerInProgress, marks: DialectMarks, id: number): void {
  const { table } = layer;
  const parent = table.parent[id]!;
  if (table.has(id, DETACHED) || table.has(parent, CLOSED | OPAQUE)) return;
  const deleted = table.has(id, OPAQUE | WHITEOUT);
  const name = table.name(id);
  if (table.has(id, DIRECTORY)) {
    if (deleted || marks.marksAllReplacements) closeDirectory(layer, marks, parent, name, deleted);
  } else if (table.has(id, WHITEOUT) && !exists(layer, parent, name)) {
    marks.whiteout(layer.open.fd(parent), name);
  }
}

/** Lets nothing of below be seen in a directory, if it would be. */
function closeDirectory(
  layer: LayerInProgress,
  marks: DialectMarks,
  parent: number,
  name: Buffer,
  deleted: boolean,
): void {
  const found = layer.below.lookup(parent, name.toString("latin1"));
  if (found === null) return;
  const needed = isDirectory(found) ? deleted : marks.marksAllReplacements;
  if (needed) marks.opaque(layer.open.fd(parent), name);
}

/**
 * An opaque marker in the root: neither overlay nor aufs heeds one of their own there (aufs: seen on 6.1), so each name is
 * hidden by itself.
 */
function* hideRoot(layer: LayerInProgress, marks: DialectMarks, due: () => boolean): Paced<void> {
  for (const shown of layer.below.directory(ROOT)?.names() ?? []) {
    const name = Buffer.from(shown, "latin1");
    try {
      const known = layer.table.find(ROOT, name, 0, name.length);
      if (known >= 0 && layer.table.has(known, DIRECTORY)) closeDirectory(layer, marks, ROOT, name, true);
      else if (!exists(layer, ROOT, name)) marks.whiteout(layer.rootFd, name);
    } catch (error) {
      throw extractionError(error, name, layer.rootFd);
    }
    if (due()) yield;
  }
}

/** Whether the layer made something of that name. */
export function exists(layer: LayerInProgress, parent: number, name: Buffer): boolean {
  const flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  const fd = libc.openat(layer.open.fd(parent), pinName(name, 0, name.length), flags, 0);
  if (fd === -ENOENT) return false;
  libc.close(check(fd, "openat"));
  return true;
}
