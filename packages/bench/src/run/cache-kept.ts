import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from "node:fs";
import path from "node:path";
import { cachedBytes } from "@copyup/linux";

export interface CacheKept {
  /** After how long it was asked. */
  readonly seconds: number;
  /** Of the file's pages, those that were cached still; 0 to 1. */
  readonly part: number;
}

const BYTES = 32 << 20;
/** Asked when a run ends after that. */
const ASKED_AFTER_MS = 20_000;

/**
 * Whether this machine keeps cached pages while it has memory to spare: a file nobody reads is looked at later. On a host that
 * takes them back (DAMON, a balloon, a memory limit), whoever reads its files less often than the others pays for reading them again.
 */
export class CacheWatch implements Disposable {
  readonly #fd: number;
  readonly #since = performance.now();
  #kept: CacheKept | null = null;

  constructor(dir: string) {
    const file = path.join(dir, "cache-kept");
    this.#fd = openSync(file, "wx+", 0o600);
    unlinkSync(file);
    const bytes = Buffer.alloc(1 << 20, "kept");
    for (let at = 0; at < BYTES; at += bytes.length) writeSync(this.#fd, bytes);
    // A page that is not on the disk yet is kept by all.
    fsyncSync(this.#fd);
  }

  /** Null while it is too early to tell. Asked once: what was seen then is told from then on. */
  kept(): CacheKept | null {
    const waited = performance.now() - this.#since;
    if (this.#kept === null && waited >= ASKED_AFTER_MS)
      this.#kept = { seconds: Math.round(waited / 1000), part: cachedBytes(this.#fd, BYTES) / BYTES };
    return this.#kept;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
