import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, type PathArgument, pin } from "../ffi/memory.ts";

const scratch = pin(128);
const view = new DataView(scratch.buffer.buffer, scratch.buffer.byteOffset, 128);

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
  return load();
}

/** Follows a symlink at the end. */
export function statfs(path: PathArgument): FilesystemStat {
  check(libc.statfs(cstring(path), scratch.ptr), "statfs", path);
  return load();
}

function load(): FilesystemStat {
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

function word(index: number): number {
  return view.getUint32(index * 8, true) + view.getUint32(index * 8 + 4, true) * 0x1_0000_0000;
}
