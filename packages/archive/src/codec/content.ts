import type { TarHandler } from "./entry.ts";
import type { SparseMap } from "./sparse-map.ts";
import { padding } from "./ustar-layout.ts";

/** Hands one entry's bytes to the handler as they pass, with the holes of a sparse map between them. */
export class Content {
  readonly #handler: TarHandler;
  /** Stored bytes up to the next hole or the end. */
  #run = 0;
  /** Bytes to skip after them. */
  #padding = 0;
  #map: SparseMap | null = null;
  #nextSegment = 0;
  #position = 0;

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** Bytes of the archive still belong to the current entry. */
  get active(): boolean {
    return this.#run > 0 || this.#padding > 0;
  }

  begin(stored: number, map: SparseMap | null): void {
    this.#padding = padding(stored);
    this.#map = map;
    this.#nextSegment = 0;
    this.#position = 0;
    this.#run = map === null ? stored : 0;
    if (this.#run === 0) this.#advance();
  }

  /** Bytes nobody wants: a volume label's, a GNU directory listing. */
  skip(stored: number): void {
    this.#padding = stored + padding(stored);
  }

  /** Takes what is the entry's from `chunk[at..end]`; returns where it stopped. */
  pass(chunk: Buffer, at: number, end: number): number {
    if (this.#run > 0) {
      const length = Math.min(this.#run, end - at);
      this.#run -= length;
      this.#handler.data(chunk, at, length);
      if (this.#run === 0) this.#advance();
      return at + length;
    }
    const length = Math.min(this.#padding, end - at);
    this.#padding -= length;
    return at + length;
  }

  /** To the next stored run, or to the end of the entry. */
  #advance(): void {
    const map = this.#map;
    if (map !== null) {
      while (this.#nextSegment < map.segments.length) {
        const offset = map.segments[this.#nextSegment++]!;
        const length = map.segments[this.#nextSegment++]!;
        this.#hole(offset);
        this.#position = offset + length;
        if (length === 0) continue;
        this.#run = length;
        return;
      }
      this.#hole(map.realSize);
      this.#map = null;
    }
    this.#handler.endEntry?.();
  }

  #hole(until: number): void {
    if (until > this.#position) this.#handler.hole?.(until - this.#position);
    this.#position = until;
  }
}
