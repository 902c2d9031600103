import { randomBytes } from "node:crypto";
import type { Directory } from "@copyup/core";
import { AT_FDCWD, DT_UNKNOWN, FICLONE, O_CREAT, O_EXCL, O_RDWR } from "../constants.ts";
import { isSystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { forEachName } from "../files/directory.ts";
import { mkdirAt, openAt, openDirectoryAt, rmdirAt, unlinkAt, withFd, writeFd } from "../files/files.ts";
import { fstatfs } from "../files/statfs.ts";
import { fstat } from "../files/statx.ts";
import { setXattr } from "../files/xattr.ts";
import { readMountInfo } from "../mounts/mountinfo.ts";

/** Tries what the filesystem of an existing, writable directory can do, in a fresh directory below it that it removes. */
export function describeDirectory(path: string): Directory {
  const name = `.copyup-probe-${randomBytes(6).toString("hex")}`;
  return withFd(openDirectoryAt(AT_FDCWD, path), (parent) => {
    mkdirAt(parent, name, 0o700);
    try {
      return withFd(openDirectoryAt(parent, name), (dir) => describe(path, dir));
    } finally {
      rmdirAt(parent, name);
    }
  });
}

/** Null where nothing may be written: a store there can still be read and viewed. */
export function describeIfWritable(path: string): Directory | null {
  try {
    return describeDirectory(path);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function describe(path: string, dir: number): Directory {
  const a = openAt(dir, "a", O_RDWR | O_CREAT | O_EXCL, 0o600);
  const b = openAt(dir, "b", O_RDWR | O_CREAT | O_EXCL, 0o600);
  try {
    writeFd(a, Buffer.alloc(4096, 1));
    return {
      path,
      filesystem: filesystemOf(dir),
      dType: hasDType(dir),
      reflink: libc.ioctl(b, FICLONE, a) === 0,
      xattrs: { user: canSet(a, "user.copyup"), trusted: canSet(a, "trusted.copyup") },
      nameMax: fstatfs(dir).nameMax,
    };
  } finally {
    libc.close(a);
    libc.close(b);
    unlinkAt(dir, "a");
    unlinkAt(dir, "b");
  }
}

function canSet(fd: number, name: string): boolean {
  try {
    setXattr(fd, name, "y");
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

function hasDType(dir: number): boolean {
  let typed = true;
  withFd(openDirectoryAt(dir, "."), (fd) =>
    forEachName(fd, (_, type) => {
      if (type === DT_UNKNOWN) typed = false;
    }),
  );
  return typed;
}

/** The filesystem's type as mountinfo names it, found by device number. */
export function filesystemOf(fd: number): string {
  const stat = fstat(fd);
  for (const mount of readMountInfo()) {
    if (mount.major === stat.devMajor && mount.minor === stat.devMinor) return mount.type;
  }
  // btrfs subvolumes have anonymous devices that mountinfo does not show.
  return MAGIC[fstatfs(fd).type] ?? `0x${fstatfs(fd).type.toString(16)}`;
}

const MAGIC: Record<number, string> = {
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  16914836: "tmpfs",
  2035054128: "overlay",
  1635083891: "aufs",
  1702057286: "fuse",
  2240043254: "ramfs",
};
