import { numberField } from "./build-entry.ts";
import type { TarEntry } from "./entry.ts";
import type { ReadLimits } from "./limits.ts";
import { Malformed } from "./malformed.ts";
import { checkSparseMap, type SparseMap, type SparseRecords } from "./sparse-map.ts";
import { SparseText } from "./sparse-text.ts";
import {
  BLOCK,
  GNU_REAL_SIZE,
  GNU_SPARSE_BLOCK_LENGTH,
  GNU_SPARSE_BLOCK_MORE,
  GNU_SPARSE_MAP,
  GNU_SPARSE_MAP_LENGTH,
  GNU_SPARSE_MORE,
  NUMBER_LENGTH,
} from "./ustar-layout.ts";

/** A sparse file whose map is not complete with its header: blocks of it follow before the data. */
export class SparseEntry {
  readonly entry: TarEntry;
  /** Stored bytes of the file; what the map itself takes of them is taken off as it is read. */
  stored: number;
  /** The map is complete. */
  done: boolean;
  readonly #realSize: number;
  readonly #limits: ReadLimits;
  readonly #segments: number[];
  readonly #text: SparseText | null;

  private constructor(
    entry: TarEntry,
    stored: number,
    realSize: number,
    segments: number[],
    limits: ReadLimits,
    text: SparseText | null,
  ) {
    this.entry = entry;
    this.stored = stored;
    this.#realSize = realSize;
    this.#segments = segments;
    this.#limits = limits;
    this.#text = text;
    this.done = text === null;
  }

  /** Type `S`: four pieces stand in the header, more of them in blocks after it. */
  static gnu(entry: TarEntry, stored: number, block: Buffer, at: number, limits: ReadLimits): SparseEntry {
    const realSize = numberField(block, at + GNU_REAL_SIZE, NUMBER_LENGTH, "real size");
    const sparse = new SparseEntry(entry, stored, realSize, [], limits, null);
    sparse.#addGnu(block, at + GNU_SPARSE_MAP, GNU_SPARSE_MAP_LENGTH);
    sparse.done = block[at + GNU_SPARSE_MORE] === 0;
    return sparse;
  }

  /** PAX 0.0 and 0.1 have the whole map among the records, 1.0 at the beginning of the data. */
  static pax(entry: TarEntry, stored: number, records: SparseRecords, limits: ReadLimits): SparseEntry {
    if (entry.type !== "file") throw new Malformed(`sparse map for a ${entry.type}`);
    if (records.realSize === null) throw new Malformed("sparse map without the file's size");
    const { major, minor, map } = records;
    if (major === 1 && minor === 0) {
      const text = new SparseText(limits.maxSparseSegments);
      return new SparseEntry(entry, stored, records.realSize, text.segments, limits, text);
    }
    if (major !== null && major !== 0) throw new Malformed(`sparse format ${major}.${minor} is not known`);
    return new SparseEntry(entry, stored, records.realSize, map, limits, null);
  }

  /** One more block of the map. */
  feed(block: Buffer, at: number): void {
    if (this.#text === null) {
      this.#addGnu(block, at, GNU_SPARSE_BLOCK_LENGTH);
      this.done = block[at + GNU_SPARSE_BLOCK_MORE] === 0;
      return;
    }
    if (this.stored < BLOCK) throw new Malformed("sparse map longer than the entry it is in");
    this.stored -= BLOCK;
    this.done = this.#text.feed(block, at, at + BLOCK);
  }

  /** Call when done. */
  map(): SparseMap {
    return checkSparseMap(this.#segments, this.#realSize, this.stored);
  }

  /** Pairs of numbers; the first whose length field is empty ends the list. */
  #addGnu(block: Buffer, at: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const pair = at + i * 2 * NUMBER_LENGTH;
      if (block[pair + NUMBER_LENGTH] === 0) return;
      const offset = numberField(block, pair, NUMBER_LENGTH, "sparse offset");
      this.#segments.push(offset, numberField(block, pair + NUMBER_LENGTH, NUMBER_LENGTH, "sparse length"));
    }
    if (this.#segments.length > 2 * this.#limits.maxSparseSegments) {
      throw new Malformed(`sparse map of more than ${this.#limits.maxSparseSegments} pieces`, { limit: true });
    }
  }
}
