import { closeSync, openSync } from "node:fs";
import { addressOf, FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, libc, SystemError } from "@copyup/linux";

/** Of linux/fs.h; what chattr(1) calls S, i and A. */
export const FS_SYNC_FL = 0x8;
export const FS_IMMUTABLE_FL = 0x10;
export const FS_NOATIME_FL = 0x80;

/** Of a file or directory. Throws SystemError (ENOTTY, EOPNOTSUPP) where the filesystem keeps none. */
export function inodeFlags(path: string): number {
  return onFile(path, (fd) => readFlags(fd, path));
}

/** Sets or clears these flags and leaves the others. */
export function setInodeFlags(path: string, which: number, on: boolean): void {
  onFile(path, (fd) => {
    const before = readFlags(fd, path);
    const flags = Buffer.alloc(8);
    flags.writeUInt32LE((on ? before | which : before & ~which) >>> 0, 0);
    const result = libc.ioctl(fd, FS_IOC_SETFLAGS, addressOf(flags));
    if (result < 0) throw new SystemError("ioctl FS_IOC_SETFLAGS", -result, path);
  });
}

function readFlags(fd: number, path: string): number {
  const flags = Buffer.alloc(8);
  const result = libc.ioctl(fd, FS_IOC_GETFLAGS, addressOf(flags));
  if (result < 0) throw new SystemError("ioctl FS_IOC_GETFLAGS", -result, path);
  return flags.readUInt32LE(0);
}

function onFile<T>(path: string, act: (fd: number) => T): T {
  const fd = openSync(path, "r");
  try {
    return act(fd);
  } finally {
    closeSync(fd);
  }
}
