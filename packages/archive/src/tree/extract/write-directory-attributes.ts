import type { Xattr } from "../../codec/entry.ts";
import type { Paced } from "../pace.ts";
import { layerXattrs } from "../view/index.ts";
import { type Attributes, DIRECTORY_NEEDS } from "./attributes.ts";
import { clearXattrs } from "./directory-entries.ts";
import { CLOSED, DETACHED, DIRECTORY, EXPLICIT, ROOT, WRONG_MODE } from "./directory-table.ts";
import { extractionError } from "./failures.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { IMPLIED_MODE } from "./parent-directories.ts";

const NO_XATTRS: readonly Xattr[] = [];
const SELF = Buffer.from(".");
/** Never the mode of a directory. */
const UNKNOWN_MODE = -1;

/**
 * Owner, mode, ACLs and times of all directories, when nothing in them changes any more; children first, because a parent
 * may get a mode that shuts an ordinary user out.
 */
export function* writeDirectoryAttributes(layer: LayerInProgress, due: () => boolean): Paced<void> {
  const { table } = layer;
  for (let id = table.count - 1; id > ROOT; id--) {
    if (!table.has(id, DIRECTORY) || table.has(id, DETACHED)) continue;
    try {
      writeOne(layer, id);
    } catch (error) {
      throw extractionError(error, table.path(id), layer.rootFd);
    }
    if (due()) yield;
  }
  try {
    clearXattrs(layer.rootFd);
    layer.attributes.named(layer.rootFd, SELF, 0, 1, UNKNOWN_MODE, attributesOf(layer, ROOT), DIRECTORY_NEEDS);
  } catch (error) {
    throw extractionError(error, table.path(ROOT), layer.rootFd);
  }
}

function writeOne(layer: LayerInProgress, id: number): void {
  const { table } = layer;
  const a = attributesOf(layer, id);
  const name = table.name(id);
  const explicitMode = table.has(id, WRONG_MODE) ? UNKNOWN_MODE : a.mode;
  const madeMode = table.has(id, EXPLICIT) ? explicitMode : layer.attributes.madeMode(IMPLIED_MODE);
  layer.attributes.named(layer.open.fd(table.parent[id]!), name, 0, name.length, madeMode, a, DIRECTORY_NEEDS);
}

function attributesOf(layer: LayerInProgress, id: number): Attributes {
  const { table } = layer;
  const path = table.path(id);
  if (!table.has(id, EXPLICIT)) return impliedAttributes(layer, id, path);
  return {
    path,
    mode: table.mode[id]!,
    uid: table.uid[id]!,
    gid: table.gid[id]!,
    mtimeSec: table.mtimeSec[id]!,
    mtimeNsec: table.mtimeNsec[id]!,
    xattrs: (id === ROOT ? layer.rootXattrs : layer.acls.get(id)) ?? NO_XATTRS,
  };
}

/** As in the view below; where that has no such directory, or it does not show: 0755, 0:0, mtime 0 (layers.md). */
function impliedAttributes(layer: LayerInProgress, id: number, path: Buffer): Attributes {
  const below = layer.table.has(id, CLOSED) ? null : layer.below.directory(id);
  if (below === null) return { path, mode: IMPLIED_MODE, uid: 0, gid: 0, mtimeSec: 0, mtimeNsec: 0, xattrs: NO_XATTRS };
  const stat = below.stat();
  return {
    path,
    mode: stat.permissions,
    uid: stat.uid,
    gid: stat.gid,
    mtimeSec: stat.mtimeSec,
    mtimeNsec: stat.mtimeNsec,
    xattrs: layerXattrs(below.levels[0]!.fd, below.dialect, "apply", below.path),
  };
}
