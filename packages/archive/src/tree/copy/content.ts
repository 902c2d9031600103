import {
  check,
  EINTR,
  EINVAL,
  ENOTTY,
  ENXIO,
  EOPNOTSUPP,
  EXDEV,
  FICLONE,
  libc,
  pin,
  SEEK_DATA,
  SEEK_HOLE,
  type Stat,
  SystemError,
  writeAllPtr,
} from "@copyup/linux";
import type { Pace, Paced } from "../pace.ts";

/** Fits a second-level cache, so that what was read is written from there. */
const BUFFER_BYTES = 256 * 1024;
const buffer = pin(BUFFER_BYTES);

/** Copies the bytes of files. Knows what the first file taught it about the filesystems: one per tree. */
export class ContentCopier {
  private readonly pace: Pace;
  private reflinks = true;

  constructor(pace: Pace) {
    this.pace = pace;
  }

  /** From the start of `source` to the start of the empty `target`; holes stay holes. Throws SystemError. */
  *copy(source: number, target: number, stat: Stat): Paced<void> {
    if (stat.size === 0) return;
    if (this.reflinks && this.clone(source, target)) {
      this.pace.bytes += stat.size;
      return;
    }
    if (stat.blocks * 512 >= stat.size) yield* this.range(source, target, stat.size);
    else yield* this.pieces(source, target, stat.size);
  }

  private clone(source: number, target: number): boolean {
    const result = libc.ioctl(target, FICLONE, source);
    if (result === 0) return true;
    // EINVAL may be about this one file (no-COW, swap): only the others say that no clone will ever work here.
    if (result === -EOPNOTSUPP || result === -EXDEV || result === -ENOTTY) this.reflinks = false;
    else if (result !== -EINVAL) throw new SystemError("ioctl FICLONE", -result);
    return false;
  }

  /** Reads what is there now, at most `length` bytes: a source that shrinks ends it, one that grows does not prolong it. */
  private *range(source: number, target: number, length: number): Paced<void> {
    for (let left = length; left > 0; ) {
      const got = libc.read(source, buffer.ptr, Math.min(left, BUFFER_BYTES));
      if (got === -EINTR) continue;
      if (check(got, "read") === 0) return;
      writeAllPtr(target, buffer.ptr, got);
      left -= got;
      this.pace.bytes += got;
      if (left > 0 && this.pace.due) yield;
    }
  }

  private *pieces(source: number, target: number, size: number): Paced<void> {
    for (let at = 0; at < size; ) {
      const begin = libc.lseek(source, at, SEEK_DATA);
      if (begin === -ENXIO) break;
      // A filesystem that knows no holes says that all of it is data.
      const end = Math.min(check(libc.lseek(source, check(begin, "lseek"), SEEK_HOLE), "lseek"), size);
      check(libc.lseek(source, begin, 0), "lseek");
      check(libc.lseek(target, begin, 0), "lseek");
      yield* this.range(source, target, end - begin);
      at = end;
    }
    check(libc.ftruncate(target, size), "ftruncate");
  }
}
