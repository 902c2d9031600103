import {
  AT_SYMLINK_NOFOLLOW,
  cstringOfBytes,
  E2BIG,
  EINVAL,
  EOPNOTSUPP,
  EPERM,
  ERANGE,
  getXattr,
  libc,
  removeXattr,
  S_IFLNK,
  S_IFMT,
  type Stat,
  SystemError,
  setXattr,
  timespecs,
  type XattrTarget,
} from "@copyup/linux";
import type { ReadDialect } from "../contract.ts";
import { callFailed, checked } from "../failure.ts";
import type { Lost } from "../lost.ts";
import { leftOutOfLayers, shownXattrNames, xattrPath } from "../view/index.ts";

const SPECIAL_BITS = 0o7000;
const SET_ID_BITS = 0o6000;

/** What a file made just now has: an attribute that is right already costs no call. Unknown: -1. */
export interface Fresh {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Gives copies the attributes of what they were copied from, in the order owner, mode, xattrs, times: chown clears suid
 *  bits and capabilities, chmod changes an ACL's mask, and all of them move no time but ctime. */
export class Attributes {
  private readonly op: string;
  private readonly lost: Lost;

  constructor(op: string, lost: Lost) {
    this.op = op;
    this.lost = lost;
  }

  /** Of an open file or directory. */
  setOpen(fd: number, stat: Stat, source: XattrTarget, dialect: ReadDialect, path: string, fresh: Fresh): void {
    const owned =
      (stat.uid === fresh.uid && stat.gid === fresh.gid) ||
      this.accept("owner", libc.fchown(fd, stat.uid, stat.gid), path, `owner ${stat.uid}:${stat.gid}`, "fchown");
    const mode = this.modeFor(stat, owned, path);
    if (mode !== fresh.mode || !owned || (mode & SPECIAL_BITS) !== 0)
      checked(libc.fchmod(fd, mode), "fchmod", this.op, path);
    this.copyXattrs(source, fd, dialect, path);
    checked(libc.futimens(fd, timesOf(stat)), "futimens", this.op, path);
  }

  /** Of a symlink, device, fifo or socket by its name. */
  setNamed(
    dirfd: number,
    name: string,
    stat: Stat,
    source: XattrTarget,
    dialect: ReadDialect,
    path: string,
    fresh: Fresh,
  ): void {
    const owned =
      (stat.uid === fresh.uid && stat.gid === fresh.gid) ||
      this.accept(
        "owner",
        libc.fchownat(dirfd, cstringOfBytes(name), stat.uid, stat.gid, AT_SYMLINK_NOFOLLOW),
        path,
        `owner ${stat.uid}:${stat.gid}`,
        "fchownat",
      );
    if ((stat.mode & S_IFMT) !== S_IFLNK) {
      // Follows symlinks, which this is not: we made it a moment ago.
      checked(
        libc.fchmodat(dirfd, cstringOfBytes(name), this.modeFor(stat, owned, path), 0),
        "fchmodat",
        this.op,
        path,
      );
    }
    this.copyXattrs(source, xattrPath(dirfd, name), dialect, path);
    const result = libc.utimensat(dirfd, cstringOfBytes(name), timesOf(stat), AT_SYMLINK_NOFOLLOW);
    checked(result, "utimensat", this.op, path);
  }

  /** A file somebody else comes to own must not become set-user-id to that somebody. */
  private modeFor(stat: Stat, owned: boolean, path: string): number {
    const mode = stat.permissions;
    if (owned || (mode & SET_ID_BITS) === 0) return mode;
    this.lost.record("mode", path, "set-id bits without their owner", "fchmod", EPERM);
    return mode & ~SET_ID_BITS;
  }

  private copyXattrs(source: XattrTarget, target: XattrTarget, dialect: ReadDialect, path: string): void {
    for (const [shown, stored] of shownXattrNames(source, dialect, this.op, path)) {
      const value = getXattr(source, Buffer.from(stored, "latin1"));
      if (value === null) continue;
      try {
        setXattr(target, Buffer.from(shown, "latin1"), value);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        // Labels belong to the host (layers.md rule 7): kept where that is allowed.
        if (!leftOutOfLayers(shown))
          this.accept("xattr", -error.errno, path, `extended attribute ${shown}`, "setxattr");
      }
    }
  }

  /** False: it could not be stored and was counted. */
  private accept(kind: "owner" | "xattr", result: number, path: string, what: string, syscall: string): boolean {
    if (result >= 0) return true;
    if (!REFUSALS.has(-result)) throw callFailed(result, syscall, this.op, path);
    this.lost.record(kind, path, what, syscall, -result);
    return false;
  }
}

/** Not allowed, or not known here; EINVAL: an owner this user namespace has no number for. */
const REFUSALS = new Set([EPERM, EOPNOTSUPP, EINVAL, E2BIG, ERANGE]);

function timesOf(stat: Stat): number {
  return timespecs(stat.atimeSec, stat.atimeNsec, stat.mtimeSec, stat.mtimeNsec);
}

/** Nothing is known of it: set everything. */
export const UNKNOWN: Fresh = { uid: -1, gid: -1, mode: -1 };

/** What a file inherits from a directory with a default ACL. */
export function dropInheritedAcls(target: XattrTarget): void {
  removeXattr(target, "system.posix_acl_access");
  removeXattr(target, "system.posix_acl_default");
}
