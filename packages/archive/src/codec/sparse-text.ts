import { Malformed } from "./malformed.ts";

const NEWLINE = 0x0a;
const ZERO = 0x30;

/**
 * The map that precedes the data of a PAX 1.0 sparse file: decimal numbers, one a line, the first of them how many pairs
 * follow; filled with NULs to a whole block. Fed block by block.
 */
export class SparseText {
  readonly segments: number[] = [];
  readonly #maxSegments: number;
  #expected = -1;
  #number = -1;

  constructor(maxSegments: number) {
    this.#maxSegments = maxSegments;
  }

  /** True once the map is whole; the rest of the block is filling. */
  feed(block: Buffer, start: number, end: number): boolean {
    for (let i = start; i < end; i++) {
      const byte = block[i]!;
      if (byte !== NEWLINE) {
        const digit = byte - ZERO;
        if (digit < 0 || digit > 9) throw new Malformed("sparse map is not a list of decimal numbers");
        this.#number = Math.max(this.#number, 0) * 10 + digit;
        continue;
      }
      if (this.#take()) return true;
    }
    return false;
  }

  #take(): boolean {
    const value = this.#number;
    this.#number = -1;
    if (value < 0 || value > Number.MAX_SAFE_INTEGER)
      throw new Malformed("sparse map with an empty line or a huge number");
    if (this.#expected >= 0) this.segments.push(value);
    else if (value > this.#maxSegments)
      throw new Malformed(`sparse map of ${value} pieces, the limit is ${this.#maxSegments}`, { limit: true });
    else this.#expected = value * 2;
    return this.segments.length === this.#expected;
  }
}
