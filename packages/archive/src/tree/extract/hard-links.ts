import {
  AT_SYMLINK_NOFOLLOW,
  check,
  cstring,
  EEXIST,
  ENOENT,
  EPERM,
  libc,
  rawStatx,
  S_IFDIR,
  S_IFMT,
  Stat,
} from "@copyup/linux";
import type { TarEntry } from "../../codec/entry.ts";
import { Malformed } from "../../codec/malformed.ts";
import { type CopyUp, isDirectory } from "./copy-up.ts";
import { COPIED, LOST } from "./directory-table.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { layerNameOf } from "./layer-name.ts";
import { pinName } from "./pinned-names.ts";
import { rememberLost } from "./whiteouts.ts";

const SLASH = 0x2f;
const STATX_TYPE = 1;
const stat = new Stat();

/**
 * A hard link to a file of this archive, or to one of the view below, which then comes into this layer at its own path: so
 * whatever the dialect, the two names are one file.
 */
export function writeHardLink(
  layer: LayerInProgress,
  copyUp: CopyUp,
  entry: TarEntry,
  parent: number,
  start: number,
): void {
  const { path, linkPath } = entry;
  if (linkPath.length === 0) throw new Malformed("hard link to the root");
  const slash = linkPath.lastIndexOf(SLASH);
  const begin = slash + 1;
  if (layerNameOf(linkPath, begin, linkPath.length) !== "plain") throw new Malformed("hard link to a whiteout");
  const directory = layer.parents.ofTarget(linkPath, Math.max(slash, 0));
  if (!provideTarget(layer, copyUp, directory, linkPath, begin)) {
    layer.lost.record("device", path.toString("latin1"), "a hard link to a device that was lost", "mknodat", EPERM);
    rememberLost(layer, parent, path, start, path.length);
    return;
  }
  const samePlace = directory === parent && linkPath.compare(path, start, path.length, begin) === 0;
  if (!samePlace) link(layer, directory, linkPath, begin, parent, path, start);
}

/** Sees to it that the layer has the target, and that it is no directory. False if it was one of the entries lost. */
function provideTarget(
  layer: LayerInProgress,
  copyUp: CopyUp,
  directory: number,
  bytes: Buffer,
  begin: number,
): boolean {
  const end = bytes.length;
  const name = pinName(bytes, begin, end);
  const result = rawStatx(layer.open.fd(directory), name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, stat);
  if (result !== -ENOENT) {
    check(result, "statx");
    if ((stat.mode & S_IFMT) === S_IFDIR) throw new Malformed("hard link to a directory");
    return true;
  }
  const known = layer.table.find(directory, bytes, begin, end);
  if (known >= 0 && layer.table.has(known, LOST)) return false;
  const found = layer.below.lookup(directory, bytes.toString("latin1", begin));
  if (found === null) throw new Malformed(`hard link to ${JSON.stringify(bytes.toString())}, which is not there`);
  if (isDirectory(found)) throw new Malformed("hard link to a directory");
  copyUp.copy(found, directory, bytes, begin, end);
  layer.giveUpManifest();
  if (known < 0) layer.table.add(directory, bytes, begin, end, COPIED);
  else layer.table.mark(known, COPIED);
  return true;
}

function link(
  layer: LayerInProgress,
  fromDirectory: number,
  from: Buffer,
  fromStart: number,
  directory: number,
  path: Buffer,
  start: number,
): void {
  const { open, trash } = layer;
  layer.checkName(path, start, path.length);
  const fromFd = open.fd(fromDirectory);
  const fd = open.fd(directory);
  const target = pinName(from, fromStart, from.length, 1);
  const result = libc.linkat(fromFd, target, fd, pinName(path, start, path.length), 0);
  if (result !== -EEXIST) {
    check(result, "linkat");
    layer.manifest?.link(directory, path, start);
    return;
  }
  // Linked aside first: what is replaced may be a directory that the target lies in.
  const aside = cstring(trash.freshName());
  check(libc.linkat(fromFd, target, trash.fd, aside, 0), "linkat");
  layer.removeName(directory, path, start, path.length);
  const name = pinName(path, start, path.length);
  check(libc.renameat2(trash.fd, aside, open.fd(directory), name, 0), "renameat2");
}
