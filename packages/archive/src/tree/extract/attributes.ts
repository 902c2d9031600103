import {
  AT_SYMLINK_NOFOLLOW,
  addressOf,
  check,
  cstring,
  EACCES,
  EINVAL,
  ENOSPC,
  EOPNOTSUPP,
  EPERM,
  ERANGE,
  fstat,
  fstatfs,
  libc,
  Stat,
  SystemError,
  timespecs,
  tryLstatAt,
  UTIME_OMIT,
} from "@copyup/linux";
import type { Xattr } from "../../codec/entry.ts";
import type { LossKind, Lost } from "../lost.ts";
import { currentUmask } from "./current-umask.ts";
import { isKeptXattr } from "./kept-xattrs.ts";
import { pinName } from "./pinned-names.ts";

/** As an archive's entry has them, and a file of the view below. */
export interface Attributes {
  /** For messages. */
  readonly path: Buffer;
  /** 0..0o7777 */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSec: number;
  readonly mtimeNsec: number;
  readonly xattrs: readonly Xattr[];
}

const E2BIG = 7;
const SPECIAL_BITS = 0o7000;
const SET_ID_BITS = 0o6000;
/** What the owner must be allowed for the layer to be read again: exported, checked, copied from. */
export const FILE_NEEDS = 0o400;
export const DIRECTORY_NEEDS = 0o500;
/** Below this much free space an ENOSPC for an xattr is taken to mean the disk and not the attribute's size. */
const ROOM_BYTES = 1 << 20;
const scratch = new Stat();

/**
 * Owner, mode, xattrs, times: in this order, because a change of owner clears the suid bits and the capability, and any
 * change but of times would not touch them. What cannot be stored is recorded as lost.
 */
export class AttributeWriter {
  readonly #lost: Lost;
  readonly #rootFd: number;
  /** Who owns what is newly made. */
  readonly #uid = process.geteuid!();
  readonly #gid = process.getegid!();
  readonly #umask = currentUmask();

  constructor(lost: Lost, rootFd: number) {
    this.#lost = lost;
    this.#rootFd = rootFd;
  }

  /** What `mode` is right after a file or directory was made with it. */
  madeMode(mode: number): number {
    return mode & ~this.#umask;
  }

  /** Of an open regular file that was made with `mode & 0o777`. */
  file(fd: number, a: Attributes): void {
    const owned = !this.ownerDiffers(a) || this.#owner(libc.fchown(fd, a.uid, a.gid), a);
    if ((a.mode & (SPECIAL_BITS | this.#umask)) !== 0 || this.#shutsOut(a, FILE_NEEDS)) {
      const mode = this.#storableMode(a, owned, FILE_NEEDS);
      this.#mode(libc.fchmod(fd, mode), mode, a, () => fstat(fd, scratch));
    }
    for (const xattr of a.xattrs) this.#xattr(fd, xattr, a);
    check(libc.futimens(fd, timespecs(0, UTIME_OMIT, a.mtimeSec, a.mtimeNsec)), "futimens");
  }

  /** Of a symlink, whose mode Linux ignores; `bytes[start..end]` is its name. */
  symlink(dirFd: number, bytes: Buffer, start: number, end: number, a: Attributes): void {
    const name = pinName(bytes, start, end);
    if (this.ownerDiffers(a)) this.#owner(libc.fchownat(dirFd, name, a.uid, a.gid, AT_SYMLINK_NOFOLLOW), a);
    if (a.xattrs.length > 0) this.xattrs(xattrTarget(dirFd, bytes, start, end), a);
    this.#mtime(dirFd, name, a);
  }

  /** Of anything else: a device, a fifo, a directory. `madeMode` is what it has now, `needs` what its owner must keep. */
  named(dirFd: number, bytes: Buffer, start: number, end: number, madeMode: number, a: Attributes, needs = 0): void {
    const name = pinName(bytes, start, end);
    const chown = this.ownerDiffers(a);
    const owned = !chown || this.#owner(libc.fchownat(dirFd, name, a.uid, a.gid, AT_SYMLINK_NOFOLLOW), a);
    const mode = this.#storableMode(a, owned, needs);
    if (mode !== madeMode || (chown && (mode & SPECIAL_BITS) !== 0)) {
      const read = () => tryLstatAt(dirFd, bytes.subarray(start, end), scratch);
      this.#mode(libc.fchmodat(dirFd, name, mode, 0), mode, a, read);
    }
    if (a.xattrs.length > 0) this.xattrs(xattrTarget(dirFd, bytes, start, end), a);
    this.#mtime(dirFd, name, a);
  }

  xattrs(target: Buffer, a: Attributes): void {
    for (const xattr of a.xattrs) this.#xattr(target, xattr, a);
  }

  #mtime(dirFd: number, name: number, a: Attributes): void {
    const times = timespecs(0, UTIME_OMIT, a.mtimeSec, a.mtimeNsec);
    check(libc.utimensat(dirFd, name, times, AT_SYMLINK_NOFOLLOW), "utimensat");
  }

  ownerDiffers(a: { readonly uid: number; readonly gid: number }): boolean {
    return a.uid !== this.#uid || a.gid !== this.#gid;
  }

  /** Whether it could be stored. EINVAL: the id has no place in this user namespace. */
  #owner(result: number, a: Attributes): boolean {
    if (result !== -EPERM && result !== -EINVAL) return check(result, "fchownat") === 0;
    this.#record("owner", a, `owner ${a.uid}:${a.gid}`, "fchownat", -result);
    return false;
  }

  /** Would an ordinary user lock himself out of his own layer? Root reads whatever the mode says. */
  #shutsOut(a: Attributes, needs: number): boolean {
    return this.#uid !== 0 && (a.mode & needs) !== needs;
  }

  /** A file somebody else comes to own must not become set-user-id to that somebody. */
  #storableMode(a: Attributes, owned: boolean, needs: number): number {
    let mode = a.mode;
    if (!owned && (mode & SET_ID_BITS) !== 0) {
      this.#record("mode", a, "set-id bits without their owner", "fchmod", EPERM);
      mode &= ~SET_ID_BITS;
    }
    if (!this.#shutsOut(a, needs)) return mode;
    this.#record("mode", a, `mode 0${mode.toString(8)}, which its owner could not read`, "fchmod", EACCES);
    return mode | needs;
  }

  #mode(result: number, mode: number, a: Attributes, read: () => Stat | null): void {
    // An ordinary user's chmod drops the sgid bit of a file whose group is not one of his, and says nothing.
    const dropped = result === 0 && this.#uid !== 0 && read()?.permissions !== mode;
    if (dropped || result === -EPERM || result === -EOPNOTSUPP) {
      this.#record("mode", a, `mode 0${mode.toString(8)}`, "fchmod", dropped ? EPERM : -result);
    } else check(result, "fchmod");
  }

  #xattr(target: number | Buffer, { name, value }: Xattr, a: Attributes): void {
    const shown = name.toString("latin1");
    if (!isKeptXattr(shown)) return;
    const at = addressOf(value);
    const result =
      typeof target === "number"
        ? libc.fsetxattr(target, cstring(name), at, value.length, 0)
        : libc.lsetxattr(cstring(target), cstring(name), at, value.length, 0);
    if (result === 0) return;
    const what = `xattr ${shown} of ${value.length} bytes`;
    if (this.#isUnstorable(-result)) this.#record("xattr", a, what, "setxattr", -result);
    else throw new SystemError(`setxattr ${shown}`, -result);
  }

  #record(kind: LossKind, a: Attributes, what: string, syscall: string, errno: number): void {
    this.#lost.record(kind, a.path.toString("latin1"), what, syscall, errno);
  }

  /** ext4 says ENOSPC also for an attribute that does not fit into one block. */
  #isUnstorable(errno: number): boolean {
    if (errno === ENOSPC) return fstatfs(this.#rootFd).freeBytes > ROOM_BYTES;
    return errno === EPERM || errno === EOPNOTSUPP || errno === EINVAL || errno === E2BIG || errno === ERANGE;
  }
}

/** How lsetxattr is told of a name in an open directory: there is no call that takes both before Linux 6.13. */
export function xattrTarget(dirFd: number, bytes: Buffer, start: number, end: number): Buffer {
  const prefix = `/proc/self/fd/${dirFd}/`;
  const path = Buffer.allocUnsafe(prefix.length + end - start);
  path.write(prefix, "latin1");
  bytes.copy(path, prefix.length, start, end);
  return path;
}
