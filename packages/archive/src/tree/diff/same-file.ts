import { closeFd, ENOENT, readlinkAt, S_IFLNK, S_IFMT, S_IFREG, SystemError } from "@copyup/linux";
import { callFailed, checked } from "../failure.ts";
import { openFile } from "../open-file.ts";
import type { Pace, Paced } from "../pace.ts";
import { closeContent, contentFd, layerXattrs, type ViewEntry, xattrPath } from "../view/index.ts";
import { sameXattrs } from "./same-attributes.ts";
import { sameBytes } from "./same-bytes.ts";

/**
 * Are two non-directories whose stat is the same also the same in link text, xattrs and bytes? One that vanishes meanwhile
 * (of a layer somebody writes to) is taken for equal: an instant ago it was there.
 */
export function* sameFile(a: ViewEntry, b: ViewEntry, path: string, pace: Pace, op: string): Paced<boolean> {
  const sameInode =
    a.stat.ino === b.stat.ino && a.stat.devMinor === b.stat.devMinor && a.stat.devMajor === b.stat.devMajor;
  if (sameInode && a.dialect === b.dialect) return true;
  const type = a.stat.mode & S_IFMT;
  if (type === S_IFREG) return yield* sameRegular(a, b, path, pace, op);
  try {
    if (type === S_IFLNK && !textOf(a).equals(textOf(b))) return false;
    const xattrs = (entry: ViewEntry) => layerXattrs(xattrPath(entry.dirfd, entry.name), entry.dialect, op, path);
    return sameXattrs(xattrs(a), xattrs(b));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.errno === ENOENT) return true;
    throw callFailed(-error.errno, error.syscall, op, path);
  }
}

function textOf(entry: ViewEntry): Buffer {
  return readlinkAt(entry.dirfd, Buffer.from(entry.name, "latin1"));
}

function* sameRegular(a: ViewEntry, b: ViewEntry, path: string, pace: Pace, op: string): Paced<boolean> {
  const fdA = openFile(a.dirfd, a.name);
  if (fdA === -ENOENT) return true;
  checked(fdA, "openat", op, path);
  let fdB = -1;
  let [contentA, contentB] = [fdA, fdB];
  try {
    fdB = checked(openFile(b.dirfd, b.name), "openat", op, path);
    if (!sameXattrs(layerXattrs(fdA, a.dialect, op, path), layerXattrs(fdB, b.dialect, op, path))) return false;
    contentA = contentFd(a, fdA, op, path);
    contentB = contentFd(b, fdB, op, path);
    return yield* sameBytes(contentA, contentB, a.stat, b.stat, pace, op, path);
  } finally {
    closeContent(contentA, fdA);
    if (contentB >= 0) closeContent(contentB, fdB);
    if (fdB >= 0) closeFd(fdB);
    closeFd(fdA);
  }
}
