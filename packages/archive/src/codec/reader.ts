import { BlockBuffer } from "./block-buffer.ts";
import { buildEntry, entryPath, numberField, storedSize } from "./build-entry.ts";
import { hasValidChecksum } from "./checksum.ts";
import { Content } from "./content.ts";
import type { TarEntry, TarHandler } from "./entry.ts";
import { Extensions, isExtension } from "./extensions.ts";
import { headerPath, isV7 } from "./header-path.ts";
import { DEFAULT_READ_LIMITS, type ReadLimits } from "./limits.ts";
import { Malformed } from "./malformed.ts";
import { SparseEntry } from "./sparse-entry.ts";
import type { SparseMap } from "./sparse-map.ts";
import { BLOCK, NUMBER_LENGTH, padding, SIZE, TYPE_FLAG } from "./ustar-layout.ts";

const VOLUME_LABEL = 0x56;
const GNU_SPARSE = 0x53;

/** What the bytes after the current ones are, as far as they come in blocks; an entry's data is Content's. */
type Expecting = "header" | "extension" | "sparse-map";

/**
 * A tar as it comes in, in pieces of any size; the handler is called from within `write`. Reads ustar, 7th Edition, GNU
 * and PAX. Two zero blocks end the archive and what follows them is ignored; so does the end of the stream between two
 * entries, as for GNU tar and Go (old tars and `cat`ed ones lack the blocks). A stream of no bytes at all is no archive:
 * it is what a failed `docker export |` leaves.
 *
 * Throws BAD_ARCHIVE or LIMIT_EXCEEDED with the entry's path and the byte offset, and from then on always the same.
 */
export class TarReader {
  readonly #handler: TarHandler;
  readonly #limits: ReadLimits;
  readonly #content: Content;
  readonly #extensions = new Extensions();
  readonly #carry = new BlockBuffer();

  #expecting: Expecting = "header";
  /** Bytes the expected thing takes, its padding included. */
  #need = BLOCK;
  #extensionFlag = 0;
  #extensionSize = 0;
  #sparse: SparseEntry | null = null;

  /** Of the first byte of the chunk being read. */
  #chunkOffset = 0;
  /** Where the block being looked at begins. */
  #blockOffset = 0;
  /** Of the entry that is being read, or was read last; of an extended header only if somebody must be told. */
  #path: Buffer | null = null;
  #pathBlock: Buffer | null = null;
  #pathAt = 0;
  #zeroBlock = false;
  #ended = false;
  #entries = 0;
  #contentBytes = 0;
  #failure: { error: unknown } | null = null;

  constructor(handler: TarHandler, limits: Partial<ReadLimits> = {}) {
    this.#handler = handler;
    this.#limits = { ...DEFAULT_READ_LIMITS, ...limits };
    this.#content = new Content(handler);
  }

  /** Entries handed over so far. */
  get entries(): number {
    return this.#entries;
  }

  /** The end of the archive was seen: nothing that is still written matters. */
  get ended(): boolean {
    return this.#ended;
  }

  write(chunk: Buffer, offset = 0, length: number = chunk.length - offset): void {
    this.#guard(() => {
      this.#read(chunk, offset, offset + length);
      this.#chunkOffset += length;
      this.#resolvePath();
    });
  }

  /** Call at the end of the stream. */
  end(): void {
    this.#guard(() => {
      if (this.#ended) return;
      this.#blockOffset = this.#chunkOffset;
      if (this.#chunkOffset === 0)
        throw new Malformed("the archive is empty", { hint: "did the program that wrote it fail?" });
      const between = this.#expecting === "header" && this.#carry.length === 0 && !this.#content.active;
      if (!between) throw new Malformed("the archive is truncated");
      if (this.#extensions.pending) throw new Malformed("the archive ends after an extended header, before its entry");
      this.#ended = true;
    });
  }

  #guard(read: () => void): void {
    if (this.#failure !== null) throw this.#failure.error;
    try {
      read();
    } catch (thrown) {
      this.#resolvePath();
      const error = thrown instanceof Malformed ? thrown.at(this.#blockOffset, this.#path) : thrown;
      this.#failure = { error };
      throw error;
    }
  }

  /** Before the chunk that holds the header is the caller's again. */
  #resolvePath(): void {
    if (this.#pathBlock !== null) this.#path = headerPath(this.#pathBlock, this.#pathAt);
    this.#pathBlock = null;
  }

  #read(chunk: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && !this.#ended) {
      if (this.#content.active) {
        at = this.#content.pass(chunk, at, end);
        continue;
      }
      const carried = this.#carry.length;
      if (carried === 0) this.#blockOffset = this.#chunkOffset + at - start;
      const need = this.#need;
      if (carried === 0 && end - at >= need) {
        this.#take(chunk, at);
        at += need;
        continue;
      }
      at = this.#carry.fill(need, chunk, at, end);
      if (this.#carry.length < need) return;
      this.#carry.clear();
      this.#take(this.#carry.bytes, 0);
    }
  }

  /** What was expected lies whole at `bytes[at..]`. */
  #take(bytes: Buffer, at: number): void {
    switch (this.#expecting) {
      case "header":
        this.#header(bytes, at);
        break;
      case "extension":
        this.#expect("header", BLOCK);
        this.#extensions.take(this.#extensionFlag, bytes, at, at + this.#extensionSize, this.#limits);
        break;
      case "sparse-map":
        this.#sparse!.feed(bytes, at);
        this.#continueSparse(this.#sparse!);
    }
  }

  #expect(what: Expecting, need: number): void {
    this.#expecting = what;
    this.#need = need;
  }

  #header(block: Buffer, at: number): void {
    if (block[at] === 0 && isZero(block, at)) {
      this.#zero();
      return;
    }
    if (this.#zeroBlock) throw new Malformed("a single zero block inside the archive");
    if (!hasValidChecksum(block, at)) this.#refuseHeader(block, at);
    const flag = block[at + TYPE_FLAG]!;
    if (isExtension(flag)) this.#extension(flag, block, at);
    else if (flag === VOLUME_LABEL) this.#content.skip(numberField(block, at + SIZE, NUMBER_LENGTH, "size"));
    else this.#entry(flag, block, at);
  }

  #zero(): void {
    if (this.#extensions.pending) throw new Malformed("the archive ends after an extended header, before its entry");
    this.#ended = this.#zeroBlock;
    this.#zeroBlock = true;
  }

  #refuseHeader(block: Buffer, at: number): never {
    const hint = this.#entries === 0 ? "is this a tar archive?" : undefined;
    if (isV7(block, at)) throw new Malformed("what follows this entry is not a tar header", { hint });
    this.#pathBlock = block;
    this.#pathAt = at;
    throw new Malformed("the header's checksum is wrong", { hint });
  }

  #extension(flag: number, block: Buffer, at: number): void {
    this.#pathBlock = block;
    this.#pathAt = at;
    if (block === this.#carry.bytes) this.#resolvePath();
    const size = numberField(block, at + SIZE, NUMBER_LENGTH, "size");
    if (size > this.#limits.maxPaxBytes) {
      throw new Malformed(`extended header of ${size} bytes, the limit is ${this.#limits.maxPaxBytes}`, {
        limit: true,
      });
    }
    this.#extensionFlag = flag;
    this.#extensionSize = size;
    if (size === 0) this.#extensions.take(flag, block, at, at, this.#limits);
    else this.#expect("extension", size + padding(size));
  }

  #entry(flag: number, block: Buffer, at: number): void {
    const extensions = this.#extensions;
    const path = entryPath(block, at, extensions);
    this.#path = path;
    this.#pathBlock = null;
    if (this.#entries === this.#limits.maxEntries) {
      throw new Malformed(`more than ${this.#limits.maxEntries} entries`, { limit: true });
    }
    const entry = buildEntry(path, block, at, extensions, this.#limits);
    const stored = storedSize(entry.type, block, at, extensions);
    const records = extensions.sparse;
    extensions.clear();
    const gnuSparse = flag === GNU_SPARSE;
    if (!gnuSparse && records === null) {
      this.#begin(entry, stored, null);
      return;
    }
    if (this.#handler.hole === undefined) {
      throw new Malformed("sparse files are not supported yet", {
        hint: "write the archive without GNU tar's --sparse",
      });
    }
    this.#continueSparse(
      gnuSparse
        ? SparseEntry.gnu(entry, stored, block, at, this.#limits)
        : SparseEntry.pax(entry, stored, records!, this.#limits),
    );
  }

  #continueSparse(sparse: SparseEntry): void {
    this.#sparse = sparse.done ? null : sparse;
    this.#expect(sparse.done ? "header" : "sparse-map", BLOCK);
    if (sparse.done) this.#begin(sparse.entry, sparse.stored, sparse.map());
  }

  #begin(entry: TarEntry, stored: number, map: SparseMap | null): void {
    if (entry.type === "file") entry.size = map === null ? stored : map.realSize;
    this.#contentBytes += entry.size;
    if (this.#contentBytes > this.#limits.maxContentBytes) {
      throw new Malformed(`more than ${this.#limits.maxContentBytes} bytes of content`, { limit: true });
    }
    this.#entries++;
    this.#handler.entry(entry);
    const wanted = entry.type === "file" ? stored : 0;
    this.#content.begin(wanted, map);
    if (wanted !== stored) this.#content.skip(stored);
  }
}

function isZero(block: Buffer, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) {
    if (block[i] !== 0) return false;
  }
  return true;
}
