import { closeFd, getXattr, S_IFMT, S_IFREG, Stat } from "@copyup/linux";
import { checked, pathError } from "../failure.ts";
import { openFile } from "../open-file.ts";
import { descend, Trail } from "./follow.ts";
import { ABSENT, HIDDEN, PRESENT, redirectOf } from "./level.ts";
import { isRedirected, overlayPrefix } from "./marks.ts";
import type { ViewEntry } from "./view-directory.ts";
import { xattrPath } from "./xattrs.ts";

/**
 * The descriptor that a regular file's bytes are read from: `fd`, the file itself, or a fresh one for the file further below
 * that overlay left the bytes in (metacopy). Throws NOT_REPRESENTABLE where there is no such file: its own bytes are zeros.
 */
export function contentFd(entry: ViewEntry, fd: number, op: string, path: string): number {
  if (!isRedirected(entry.dialect) || getXattr(fd, `${overlayPrefix(entry.dialect)}metacopy`) === null) return fd;
  const trail = new Trail(entry.directory!, entry.name);
  let redirect = redirectOf(fd, entry.dialect);
  let part = entry.part;
  const stat = new Stat();
  for (;;) {
    if (redirect !== null) trail.redirect(trail.names.length - 1, redirect);
    const base = trail.below(part);
    if (base === null) throw lost(op, path);
    part = base.part;
    redirect = null;
    const { names } = trail;
    const name = names.at(-1)!;
    const { level, last } = descend(base, trail, names.slice(0, -1));
    if (level === HIDDEN) throw lost(op, path);
    if (level === ABSENT) {
      if (last) throw lost(op, path);
      continue;
    }
    try {
      const presence = level.look(name, stat);
      if (presence === HIDDEN) throw lost(op, path);
      if (presence !== PRESENT) {
        if (last) throw lost(op, path);
        continue;
      }
      if ((stat.mode & S_IFMT) !== S_IFREG) throw lost(op, path);
      const prefix = overlayPrefix(level.dialect);
      const target = xattrPath(level.fd, name);
      const mark = prefix === null ? null : getXattr(target, `${prefix}metacopy`);
      if (mark === null) return checked(openFile(level.fd, name), "openat", op, path);
      redirect = redirectOf(target, level.dialect);
    } finally {
      if (level !== base) level.close();
    }
  }
}

/** Closes what `contentFd` gave, if it is not the file itself. */
export function closeContent(content: number, fd: number): void {
  if (content !== fd) closeFd(content);
}

function lost(op: string, path: string): Error {
  const why = "its bytes lie in another file of a layer below (metacopy), and there is none";
  return pathError("NOT_REPRESENTABLE", op, path, why, "a layer below it is not the one it was written on");
}
