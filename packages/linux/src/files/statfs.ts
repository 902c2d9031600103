import { AT_FDCWD, O_PATH } from "../constants.ts";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { type PathArgument, pin } from "../ffi/memory.ts";
import { openAt, withFd } from "./files.ts";

const scratch = pin(128);

export interface FilesystemStat {
  /** `f_type`, a magic number of statfs(2). */
  readonly type: number;
  readonly blockSize: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  /** 0 on filesystems without an inode table, like btrfs. */
  readonly totalInodes: number;
  readonly nameMax: number;
  /** ST_* bits. */
  readonly flags: number;
}

export function fstatfs(fd: number): FilesystemStat {
  check(libc.fstatfs(fd, scratch.ptr), "fstatfs");
  const word = (index: number) => Number(scratch.buffer.readBigUInt64LE(index * 8));
  return {
    type: word(0),
    blockSize: word(1),
    totalBytes: word(2) * word(1),
    freeBytes: word(4) * word(1),
    totalInodes: word(5),
    freeInodes: word(6),
    nameMax: word(8),
    flags: word(10),
  };
}

export function statfs(path: PathArgument): FilesystemStat {
  return withFd(openAt(AT_FDCWD, path, O_PATH), fstatfs);
}
