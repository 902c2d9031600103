/** A slice of this size is 8 entries without content at most: some milliseconds on the slowest disks. */
const MIN_BYTES = 4 * 1024;
const MAX_BYTES = 256 * 1024;
const LONG_MS = 10;
const SHORT_MS = 2;

/**
 * How much of an archive is read between two looks at the clock. 256 KB are 512 empty files, which take 4 ms on a good day
 * and were seen to take 300 on a busy disk.
 */
export class SliceSize {
  bytes = 64 * 1024;

  /** Runs what reads a slice, and learns from the time it took. */
  measure(read: () => void): void {
    const started = performance.now();
    read();
    const took = performance.now() - started;
    if (took > LONG_MS) this.bytes = Math.max(this.bytes / 4, MIN_BYTES);
    else if (took < SHORT_MS) this.bytes = Math.min(this.bytes * 2, MAX_BYTES);
  }
}
