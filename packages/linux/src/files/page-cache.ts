import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { pin } from "../ffi/memory.ts";

const PROT_READ = 1;
const MAP_SHARED = 1;
const POSIX_FADV_DONTNEED = 4;
const PAGES = 64 * 1024;
let pages: ReturnType<typeof pin> | undefined;
let pageBytes = 0;

/**
 * How much of an open file the kernel holds in its page cache, in bytes of whole pages: mincore(2), on every kernel we run on
 * (cachestat(2) came with 6.5). Nothing is read by asking. A file reached through overlay answers for the file below, since
 * overlay maps that one; one reached through FUSE for FUSE's own pages. Since 5.2 only the owner, or who could write the
 * file, is told (mm/mincore.c); to others all of it seems cached.
 */
export function cachedBytes(fd: number, sizeBytes: number): number {
  if (sizeBytes === 0) return 0;
  pages ??= pin(PAGES);
  if (pageBytes === 0) pageBytes = check(libc.sysconf(SC_PAGESIZE), "sysconf");
  const length = Math.ceil(sizeBytes / pageBytes) * pageBytes;
  const address = check(libc.mmap(0, length, PROT_READ, MAP_SHARED, fd, 0), "mmap");
  try {
    let resident = 0;
    for (let at = 0; at < length; at += PAGES * pageBytes) {
      const part = Math.min(length - at, PAGES * pageBytes);
      check(libc.mincore(address + at, part, pages.ptr), "mincore");
      // Only the lowest bit is defined.
      for (let i = 0; i < part / pageBytes; i++) resident += pages.buffer[i]! & 1;
    }
    return resident * pageBytes;
  } finally {
    libc.munmap(address, length);
  }
}

/** In glibc and musl alike. */
const SC_PAGESIZE = 30;

/** Asks the kernel to forget an open file's pages; dirty ones stay, so sync first. */
export function dropCached(fd: number): void {
  check(-libc.fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), "posix_fadvise");
}
