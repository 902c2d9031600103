import { S_IFBLK, S_IFCHR, S_IFLNK, S_IFMT, S_IFREG, type Stat } from "@copyup/linux";
import type { ShownXattr } from "../view/index.ts";

/** Do two files agree in all that one statx tells and a layer holds (layers.md rule 1)? Size counts as content. */
export function sameStat(a: Stat, b: Stat): boolean {
  if (a.mtimeNsec !== b.mtimeNsec || a.mtimeSec !== b.mtimeSec || a.uid !== b.uid || a.gid !== b.gid) return false;
  const type = a.mode & S_IFMT;
  // A symlink's permissions mean nothing and are archived as 0777 whatever the filesystem says.
  if (type === S_IFLNK) return (b.mode & S_IFMT) === S_IFLNK;
  if (a.mode !== b.mode) return false;
  if (type === S_IFREG) return a.size === b.size;
  if (type === S_IFCHR || type === S_IFBLK) return a.rdevMajor === b.rdevMajor && a.rdevMinor === b.rdevMinor;
  return true;
}

/** Both sorted by name. */
export function sameXattrs(a: readonly ShownXattr[], b: readonly ShownXattr[]): boolean {
  return a.length === b.length && a.every((one, i) => one.name.equals(b[i]!.name) && one.value.equals(b[i]!.value));
}
