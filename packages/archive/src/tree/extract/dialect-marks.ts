import type { Dialect } from "@copyup/core";
import { check, libc, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, S_IFCHR, setXattr } from "@copyup/linux";
import { OPAQUE_MARKER, overlayPrefix, WHITEOUT_PREFIX } from "../view/marks.ts";
import { xattrTarget } from "./attributes.ts";
import { pinName } from "./pinned-names.ts";

/** How a dialect writes down what is deleted. Names are bytes of directories that are open. */
export interface DialectMarks {
  /** Also where what it replaces below is no directory. */
  readonly marksAllReplacements: boolean;
  whiteout(dirFd: number, name: Buffer): void;
  /** Of the directory `name`. */
  opaque(dirFd: number, name: Buffer): void;
}

/** Null for a whole tree, which has no marks. */
export function dialectMarks(dialect: Dialect): DialectMarks | null {
  if (dialect === "tree") return null;
  if (dialect === "fuse-overlayfs") return fuseOverlayfsMarks;
  return dialect === "aufs" ? aufsMarks : overlayMarks(overlayPrefix(dialect)!);
}

function overlayMarks(prefix: string): DialectMarks {
  return {
    marksAllReplacements: false,
    whiteout: makeDevice,
    opaque(dirFd, name) {
      setXattr(xattrTarget(dirFd, name, 0, name.length), `${prefix}opaque`, "y");
    },
  };
}

/**
 * Every mark a fresh file: aufs links them all to one base, but takes any empty regular file. A directory over a file is
 * made opaque, as aufs itself does, lest a directory further below shows.
 */
const aufsMarks: DialectMarks = {
  marksAllReplacements: true,
  whiteout(dirFd, name) {
    makeMark(dirFd, Buffer.concat([Buffer.from(WHITEOUT_PREFIX), name]));
  },
  opaque(dirFd, name) {
    makeMark(dirFd, Buffer.concat([name, Buffer.from(`/${OPAQUE_MARKER}`)]));
  },
};

/**
 * Of all that fuse-overlayfs reads, what every user may write and every name has room for: an ordinary user may make 0:0
 * devices since 5.8 but no trusted xattr, and `.wh.` before a name leaves 251 bytes.
 */
const fuseOverlayfsMarks: DialectMarks = {
  marksAllReplacements: false,
  whiteout: makeDevice,
  opaque: aufsMarks.opaque,
};

function makeDevice(dirFd: number, name: Buffer): void {
  check(libc.mknodat(dirFd, pinName(name, 0, name.length), S_IFCHR, 0), "mknodat");
}

function makeMark(dirFd: number, path: Buffer): void {
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const fd = check(libc.openat(dirFd, pinName(path, 0, path.length), flags, 0o444), "openat");
  // The umask may have taken some of it.
  const result = libc.fchmod(fd, 0o444);
  libc.close(fd);
  check(result, "fchmod");
}
