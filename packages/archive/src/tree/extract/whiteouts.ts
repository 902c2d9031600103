import type { TarEntry } from "../../codec/entry.ts";
import { Malformed } from "../../codec/malformed.ts";
import { LOST, OPAQUE, WHITEOUT } from "./directory-table.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { isWhiteoutName, WHITEOUT_PREFIX_LENGTH } from "./layer-name.ts";

const SLASH = 0x2f;

/**
 * What an archive deletes is only remembered until the end, so that its order means nothing. A whiteout for what the view
 * below has not is forgotten at once: what is remembered is bounded by what is on the disk.
 */
export function rememberWhiteout(layer: LayerInProgress, entry: TarEntry, slash: number): void {
  checkRegular(entry);
  const { path } = entry;
  const start = slash + 1 + WHITEOUT_PREFIX_LENGTH;
  const name = path.toString("latin1", start);
  const directory = layer.parents.ofWhiteout(path, Math.max(slash, 0), name);
  if (directory < 0) return;
  rememberDeletion(layer, directory, path, start, path.length);
}

export function rememberOpaque(layer: LayerInProgress, entry: TarEntry, slash: number): void {
  checkRegular(entry);
  const directory = layer.parents.ofWhiteout(entry.path, Math.max(slash, 0), "");
  if (directory >= 0) layer.table.mark(directory, OPAQUE);
}

/** The entry `bytes[start..end]` could not be stored: nothing of the view below may be seen in its place. */
export function rememberLost(
  layer: LayerInProgress,
  directory: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  mark(layer, directory, bytes, start, end, LOST);
  rememberDeletion(layer, directory, bytes, start, end);
}

function rememberDeletion(layer: LayerInProgress, directory: number, bytes: Buffer, start: number, end: number): void {
  if (layer.below.lookup(directory, bytes.toString("latin1", start, end)) === null) return;
  mark(layer, directory, bytes, start, end, WHITEOUT);
}

function mark(
  { table }: LayerInProgress,
  directory: number,
  bytes: Buffer,
  start: number,
  end: number,
  flag: number,
): void {
  const known = table.find(directory, bytes, start, end);
  if (known < 0) table.add(directory, bytes, start, end, flag);
  else table.mark(known, flag);
}

/** Docker's aufs driver wrote whiteouts as hard links of one another: that is a regular file too. */
function checkRegular({ type, linkPath }: TarEntry): void {
  if (type === "file") return;
  const start = linkPath.lastIndexOf(SLASH) + 1;
  if (type === "hardlink" && isWhiteoutName(linkPath, start, linkPath.length)) return;
  throw new Malformed(`whiteout that is no regular file but a ${type}`);
}
