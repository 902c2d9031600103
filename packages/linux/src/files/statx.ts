import type { FileType } from "@copyup/core";
import {
  AT_EMPTY_PATH,
  AT_SYMLINK_NOFOLLOW,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
} from "../constants.ts";
import { check, ENOENT, ENOTDIR } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, cstringOfBytes, type PathArgument, pin } from "../ffi/memory.ts";

/** Type, mode, nlink, uid, gid, atime, mtime, ctime, ino, size, blocks. */
export const STATX_BASIC = 0x7ff;
/** Since 5.8. */
export const STATX_MNT_ID = 0x1000;
/** The 64-bit id that is never reused; since 6.8. Asked together with STATX_MNT_ID the kernel gives this one. */
export const STATX_MNT_ID_UNIQUE = 0x4000;
/**
 * With what the kernel has at hand: a FUSE daemon is not asked (seen on 6.18: which mount stands at a path can be told although
 * the daemon is dead, where everything else is ENOTCONN). Device and mount ids need no asking on any filesystem.
 */
export const AT_STATX_DONT_SYNC = 0x4000;
export const STATX_ATTR_MOUNT_ROOT = 0x2000;

const scratch = pin(256);
const emptyPath = pin(1);
const view = new DataView(scratch.buffer.buffer, scratch.buffer.byteOffset, 256);

/** What statx says of one inode. One object can be filled again and again on hot paths. Little-endian hosts only. */
export class Stat {
  mask = 0;
  attributes = 0;
  /** Type and permission bits, as st_mode. */
  mode = 0;
  nlink = 0;
  uid = 0;
  gid = 0;
  /** Exact up to 2^53; overlay's `xino` sets higher bits, so use `inoText` as a key where that may be. */
  ino = 0;
  inoHigh = 0;
  inoLow = 0;
  size = 0;
  /** Of 512 bytes. */
  blocks = 0;
  atimeSec = 0;
  atimeNsec = 0;
  mtimeSec = 0;
  mtimeNsec = 0;
  ctimeSec = 0;
  ctimeNsec = 0;
  rdevMajor = 0;
  rdevMinor = 0;
  devMajor = 0;
  devMinor = 0;
  mountId = 0;

  get type(): FileType {
    switch (this.mode & S_IFMT) {
      case S_IFREG:
        return "file";
      case S_IFDIR:
        return "directory";
      case S_IFLNK:
        return "symlink";
      case S_IFCHR:
        return "char";
      case S_IFBLK:
        return "block";
      case S_IFIFO:
        return "fifo";
      default:
        return "socket";
    }
  }

  /** Permission bits, suid, sgid, sticky. */
  get permissions(): number {
    return this.mode & 0o7777;
  }

  /** `major:minor:inode`: names one inode as long as it lives. */
  get key(): string {
    return `${this.devMajor}:${this.devMinor}:${this.inoHigh}:${this.inoLow}`;
  }

  /** Is it one inode, as far as numbers can tell? */
  sameInode(other: Stat): boolean {
    return (
      this.inoLow === other.inoLow &&
      this.inoHigh === other.inoHigh &&
      this.devMajor === other.devMajor &&
      this.devMinor === other.devMinor
    );
  }

  get mtimeNs(): bigint {
    return BigInt(this.mtimeSec) * 1_000_000_000n + BigInt(this.mtimeNsec);
  }

  get ctimeNs(): bigint {
    return BigInt(this.ctimeSec) * 1_000_000_000n + BigInt(this.ctimeNsec);
  }

  get atimeNs(): bigint {
    return BigInt(this.atimeSec) * 1_000_000_000n + BigInt(this.atimeNsec);
  }
}

function seconds(offset: number): number {
  return view.getUint32(offset, true) + view.getInt32(offset + 4, true) * 0x1_0000_0000;
}

function load(out: Stat): void {
  out.mask = view.getUint32(0, true);
  out.attributes = view.getUint32(8, true);
  out.nlink = view.getUint32(16, true);
  out.uid = view.getUint32(20, true);
  out.gid = view.getUint32(24, true);
  out.mode = view.getUint16(28, true);
  out.inoLow = view.getUint32(32, true);
  out.inoHigh = view.getUint32(36, true);
  out.ino = out.inoLow + out.inoHigh * 0x1_0000_0000;
  out.size = view.getUint32(40, true) + view.getUint32(44, true) * 0x1_0000_0000;
  out.blocks = view.getUint32(48, true) + view.getUint32(52, true) * 0x1_0000_0000;
  out.atimeSec = seconds(64);
  out.atimeNsec = view.getUint32(72, true);
  out.ctimeSec = seconds(96);
  out.ctimeNsec = view.getUint32(104, true);
  out.mtimeSec = seconds(112);
  out.mtimeNsec = view.getUint32(120, true);
  out.rdevMajor = view.getUint32(128, true);
  out.rdevMinor = view.getUint32(132, true);
  out.devMajor = view.getUint32(136, true);
  out.devMinor = view.getUint32(140, true);
  out.mountId = view.getUint32(144, true) + view.getUint32(148, true) * 0x1_0000_0000;
}

/** By address of a NUL-terminated name; 0 or minus errno. */
export function rawStatx(dirfd: number, pathPtr: number, flags: number, mask: number, out: Stat): number {
  const result = libc.statx(dirfd, pathPtr, flags, mask, scratch.ptr);
  if (result === 0) load(out);
  return result;
}

/** Does not follow a symlink at the end. Throws SystemError. */
export function lstatAt(dirfd: number, path: PathArgument, out = new Stat(), mask = STATX_BASIC): Stat {
  check(rawStatx(dirfd, cstring(path), AT_SYMLINK_NOFOLLOW, mask, out), "statx", path);
  return out;
}

/** Null where there is nothing. */
export function tryLstatAt(
  dirfd: number,
  path: PathArgument,
  out = new Stat(),
  mask = STATX_BASIC,
  flags = 0,
): Stat | null {
  const result = rawStatx(dirfd, cstring(path), AT_SYMLINK_NOFOLLOW | flags, mask, out);
  if (result === -ENOENT || result === -ENOTDIR) return null;
  check(result, "statx", path);
  return out;
}

/** The same for a latin1 name (see cstringOfBytes), with the mount id; minus errno instead of an exception. */
export function lstatName(dirfd: number, name: string, out: Stat): number {
  return rawStatx(dirfd, cstringOfBytes(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC | STATX_MNT_ID, out);
}

export function fstat(fd: number, out = new Stat(), mask = STATX_BASIC): Stat {
  check(rawStatx(fd, emptyPath.ptr, AT_EMPTY_PATH, mask, out), "fstat");
  return out;
}
