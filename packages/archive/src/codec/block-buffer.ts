import { BLOCK } from "./ustar-layout.ts";

/** Gathers the blocks that a chunk's end cuts in two; those that lie whole in a chunk never come here. */
export class BlockBuffer {
  #bytes = Buffer.allocUnsafe(BLOCK);
  #length = 0;

  get bytes(): Buffer {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes what is missing to `need` bytes from `chunk[at..end]`; returns where it stopped. */
  fill(need: number, chunk: Buffer, at: number, end: number): number {
    // What is needed does not change once gathering has begun, so there is nothing to keep.
    if (this.#bytes.length < need) this.#bytes = Buffer.allocUnsafe(need);
    const length = Math.min(need - this.#length, end - at);
    chunk.copy(this.#bytes, this.#length, at, at + length);
    this.#length += length;
    return at + length;
  }

  clear(): void {
    this.#length = 0;
  }
}
