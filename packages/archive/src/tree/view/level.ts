import {
  cstringOfBytes,
  ELOOP,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  getXattr,
  libc,
  listXattrs,
  lstatName,
  namesOf,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  openUnnoticed,
  S_IFCHR,
  S_IFMT,
  S_IFREG,
  Stat,
  type XattrTarget,
} from "@copyup/linux";
import type { ReadDialect } from "../contract.ts";
import { callFailed, checked, joinPath, pathError } from "../failure.ts";
import {
  AUFS_OWN_PREFIX,
  isRedirected,
  OPAQUE_MARKER,
  overlayPrefix,
  privatePrefixes,
  WHITEOUT_PREFIX,
} from "./marks.ts";

/** What one part says about a name: nothing (ask the next part), it is there, or it is deleted. */
export const ABSENT = 0;
export const PRESENT = 1;
export const HIDDEN = 2;
export type Presence = typeof ABSENT | typeof PRESENT | typeof HIDDEN;

export const DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const scratch = new Stat();

/** One part's directory at one place of a view, its descriptor open. Knows how deletions are spelt in its dialect. */
export class Level {
  readonly fd: number;
  /** Which part of the view: 0 is the nearest. */
  readonly part: number;
  readonly dialect: ReadDialect;
  readonly op: string;
  readonly path: string;
  /** Nothing of the further parts shows through. */
  readonly complete: boolean;
  /** Files here may be whiteouts by xattr (overlay's `opaque=x`, since 6.7). */
  private readonly xattrWhiteouts: boolean;
  /** In the parts below this directory lies elsewhere: a name beside it, or from the root (latin1). Only in `…-redirected`. */
  readonly redirect: string | null;
  private listed = false;
  /** Of the names last listed, those that may be sockets. */
  sockets: string[] = [];

  constructor(fd: number, part: number, dialect: ReadDialect, op: string, path: string, isRoot: boolean) {
    this.fd = fd;
    this.part = part;
    this.dialect = dialect;
    this.op = op;
    this.path = path;
    const mark = isRoot ? null : opaqueMark(fd, dialect, op, path);
    // The kernels merge roots whatever marks they carry; so extraction writes explicit whiteouts there.
    this.complete = dialect === "tree" || mark === "y";
    this.redirect = isRoot || this.complete || !isRedirected(dialect) ? null : redirectOf(fd, dialect);
    this.xattrWhiteouts = mark === "x" || (isRoot && overlayMark(fd, dialect, "opaque") === "x");
  }

  /** Fills `stat` when the name is PRESENT. */
  look(name: string, stat: Stat): Presence {
    if (this.hasMark(name)) return HIDDEN;
    const result = lstatName(this.fd, name, stat);
    if (result === -ENOENT || result === -ENAMETOOLONG) return ABSENT;
    if (result < 0) throw callFailed(result, "statx", this.op, joinPath(this.path, name));
    return this.isWhiteout(name, stat) ? HIDDEN : PRESENT;
  }

  /** The level of a directory in this one; or why there is none: ABSENT, or HIDDEN (deleted, or not a directory). */
  child(name: string): Level | typeof ABSENT | typeof HIDDEN {
    if (this.hasMark(name)) return HIDDEN;
    const path = joinPath(this.path, name);
    const fd = openUnnoticed(this.fd, cstringOfBytes(name), DIRECTORY_FLAGS);
    if (fd === -ENOENT || fd === -ENAMETOOLONG) return ABSENT;
    if (fd === -ENOTDIR || fd === -ELOOP) return HIDDEN;
    if (fd < 0) throw callFailed(fd, "openat", this.op, path);
    try {
      return new Level(fd, this.part, this.dialect, this.op, path, false);
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  }

  /** This part's own names and those it hides, both in byte order. */
  list(): { readonly names: string[]; readonly hidden: string[] } {
    if (this.listed) checked(libc.lseek(this.fd, 0, 0), "lseek", this.op, this.path);
    this.listed = true;
    this.sockets = [];
    if (this.dialect === "tree") return { names: namesOf(this.fd, undefined, this.sockets), hidden: [] };
    if (this.dialect === "aufs") return splitAufs(namesOf(this.fd, undefined, this.sockets));
    return this.dialect === "fuse-overlayfs" ? this.listFuseOverlayfs() : this.listOverlay();
  }

  close(): void {
    libc.close(this.fd);
  }

  private listOverlay(): { names: string[]; hidden: string[] } {
    const devices: string[] = [];
    const names = namesOf(this.fd, devices, this.sockets);
    const suspects = this.xattrWhiteouts ? names : devices;
    if (suspects.length === 0) return { names, hidden: [] };
    const hidden = new Set(
      suspects.filter((name) => lstatName(this.fd, name, scratch) === 0 && this.isWhiteout(name, scratch)),
    );
    if (hidden.size === 0) return { names, hidden: [] };
    return { names: names.filter((name) => !hidden.has(name)), hidden: [...hidden].sort() };
  }

  private isWhiteout(name: string, stat: Stat): boolean {
    const prefix = overlayPrefix(this.dialect);
    if (prefix === null && this.dialect !== "fuse-overlayfs") return false;
    if ((stat.mode & S_IFMT) === S_IFCHR) return stat.rdevMajor === 0 && stat.rdevMinor === 0;
    if (!this.xattrWhiteouts || (stat.mode & S_IFMT) !== S_IFREG || stat.size !== 0) return false;
    const file = Buffer.from(`/proc/self/fd/${this.fd}/${name}`, "latin1");
    return getXattr(file, `${prefix}whiteout`) !== null;
  }

  /** A `.wh.NAME` of any type hides NAME, even the 0:0 device `.wh..opq` that it puts into opaque directories (1.10). */
  private listFuseOverlayfs(): { names: string[]; hidden: string[] } {
    const plain = this.listOverlay();
    const marked = splitAufs([...plain.names, ...plain.hidden]);
    const devices = new Set(plain.hidden);
    return {
      names: marked.names.filter((name) => !devices.has(name)).sort(),
      hidden: [...marked.hidden, ...marked.names.filter((name) => devices.has(name))].sort(),
    };
  }

  /** Does another name here say that this one is deleted? Or is it such a name itself? */
  private hasMark(name: string): boolean {
    if (this.dialect === "aufs") return this.aufsHides(name);
    if (this.dialect !== "fuse-overlayfs") return false;
    // Of any type: fuse-overlayfs only asks whether it is there (1.10).
    return name.startsWith(WHITEOUT_PREFIX) || lstatName(this.fd, WHITEOUT_PREFIX + name, scratch) === 0;
  }

  private aufsHides(name: string): boolean {
    if (name.startsWith(AUFS_OWN_PREFIX)) return true;
    return lstatName(this.fd, WHITEOUT_PREFIX + name, scratch) === 0 && (scratch.mode & S_IFMT) === S_IFREG;
  }
}

/** aufs shows a name that is in the same branch as its whiteout nowhere (seen on 6.1). */
function splitAufs(all: string[]): { names: string[]; hidden: string[] } {
  const hidden = all
    .filter(
      (name) =>
        name.startsWith(WHITEOUT_PREFIX) && !name.startsWith(AUFS_OWN_PREFIX) && name.length > WHITEOUT_PREFIX.length,
    )
    .map((name) => name.slice(WHITEOUT_PREFIX.length));
  const gone = new Set(hidden);
  return { names: all.filter((name) => !name.startsWith(WHITEOUT_PREFIX) && !gone.has(name)), hidden };
}

/** `y`: opaque; `x`: may hold whiteouts by xattr; null: merged. Refuses what only a mount with redirects could resolve. */
function opaqueMark(fd: number, dialect: ReadDialect, op: string, path: string): "x" | "y" | null {
  if (dialect === "tree") return null;
  if (dialect === "aufs")
    return lstatName(fd, OPAQUE_MARKER, scratch) === 0 && (scratch.mode & S_IFMT) === S_IFREG ? "y" : null;
  if (dialect === "fuse-overlayfs") return isOpaqueForFuse(fd) ? "y" : null;
  const stored = listXattrs(fd);
  if (stored.length === 0) return null;
  refuseForeignMarks(stored, dialect, op, path);
  return overlayMark(fd, dialect, "opaque");
}

/** As its is_directory_opaque: the first of these xattrs that is there decides, else the marker file (1.10). */
function isOpaqueForFuse(fd: number): boolean {
  const stored = listXattrs(fd);
  const mark = privatePrefixes("fuse-overlayfs").find((prefix) => stored.includes(`${prefix}opaque`));
  if (mark !== undefined) return getXattr(fd, `${mark}opaque`)?.toString("latin1") === "y";
  return lstatName(fd, OPAQUE_MARKER, scratch) === 0;
}

function overlayMark(fd: number, dialect: ReadDialect, mark: string): "x" | "y" | null {
  const prefix = overlayPrefix(dialect);
  if (prefix === null) return null;
  const value = getXattr(fd, prefix + mark)?.toString("latin1");
  return value === "x" || value === "y" ? value : null;
}

/** Of a directory or a file, in the parts below; null where it has none. */
export function redirectOf(target: XattrTarget, dialect: ReadDialect): string | null {
  return getXattr(target, `${overlayPrefix(dialect)}redirect`)?.toString("latin1") ?? null;
}

/** Content that lies elsewhere: this project never mounts with redirect_dir or metacopy, so somebody else made it. */
export function refuseForeignMarks(stored: readonly string[], dialect: ReadDialect, op: string, path: string): void {
  const prefix = overlayPrefix(dialect);
  if (prefix === null || isRedirected(dialect)) return;
  for (const mark of ["redirect", "metacopy"]) {
    if (!stored.includes(prefix + mark)) continue;
    const option = mark === "redirect" ? "redirect_dir" : "metacopy";
    const hint = `the layer was written by an overlay mount with ${option}=on; copy its tree out of such a mount`;
    throw pathError("NOT_REPRESENTABLE", op, path, `carries ${prefix}${mark}, so its content lies elsewhere`, hint);
  }
}
