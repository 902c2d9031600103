import { randomBytes } from "node:crypto";
import { Malformed } from "../../codec/malformed.ts";

/** Id of the layer's root; its name is empty. */
export const ROOT = 0;

/** What is known of a name. */
export const DIRECTORY = 1;
/** The archive has an entry for the directory: its attributes are the entry's, not the view's below. */
export const EXPLICIT = 2;
/** `.wh..wh..opq` was seen in it. */
export const OPAQUE = 4;
/** `.wh.NAME` was seen for it, and the view below has the name. */
export const WHITEOUT = 8;
/** A file of the view below that a hard link brought here. */
export const COPIED = 16;
/** Replaced by something else: it, and all under it, is in the trash. */
export const DETACHED = 32;
/** Xattrs were set on it. */
export const HAS_XATTRS = 64;
/** It was not made with the mode it must end with. */
export const WRONG_MODE = 128;
/** Nothing of the view below shows through it, be it that it, or what it lies in, is opaque or that nothing is there. */
export const CLOSED = 256;
/** An entry that could not be stored, which a lossy extraction went on without. */
export const LOST = 512;

const SLASH = 0x2f;

/**
 * The directories the archive made, and the names it deletes: what must be known until the end. Numbers in typed arrays
 * instead of objects, about 60 bytes and the name for each, because a hostile archive may hold millions. A name is found by
 * its directory's id and its bytes.
 */
export class DirectoryTable {
  count = 0;
  parent = new Int32Array(0);
  flags = new Uint16Array(0);
  /** The attributes of an EXPLICIT directory. */
  mode = new Uint16Array(0);
  uid = new Uint32Array(0);
  gid = new Uint32Array(0);
  mtimeSec = new Float64Array(0);
  mtimeNsec = new Uint32Array(0);

  readonly #maxCount: number;
  readonly #maxPathBytes: number;
  #nameStart = new Uint32Array(0);
  #nameLength = new Uint8Array(0);
  #pathLength = new Uint16Array(0);
  #names = Buffer.alloc(4096);
  #namesEnd = 0;
  /** Open addressing: id + 1, 0 for a free slot. At most half full, so a search always ends. */
  #slots = new Int32Array(0);
  #used = 0;
  /** Names that collide under every seed cannot be made up. */
  readonly #seed = randomBytes(4).readInt32LE();

  constructor(maxCount: number, maxPathBytes: number) {
    this.#maxCount = maxCount;
    this.#maxPathBytes = maxPathBytes;
    this.#grow(256);
    this.#claim(0, Buffer.alloc(0), 0, 0, DIRECTORY);
  }

  /** -1 if nothing is known of that name. */
  find(parent: number, bytes: Buffer, start: number, end: number): number {
    return this.#slots[this.#slotOf(parent, bytes, start, end)]! - 1;
  }

  /** Of a name not known yet. Throws LIMIT_EXCEEDED. */
  add(parent: number, bytes: Buffer, start: number, end: number, flags: number): number {
    if (this.count > this.#maxCount) throw new Malformed(`more than ${this.#maxCount} directories`, { limit: true });
    if (this.#pathLength[parent]! + 1 + end - start > this.#maxPathBytes) {
      throw new Malformed(`its directories' path is over ${this.#maxPathBytes} bytes`, { limit: true });
    }
    if (this.count === this.parent.length) this.#grow(this.count * 2);
    if ((this.#used + 1) * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    const id = this.#claim(parent, bytes, start, end, flags);
    const slot = this.#freeSlot(parent, bytes, start, end);
    if (this.#slots[slot] === 0) this.#used++;
    this.#slots[slot] = id + 1;
    return id;
  }

  /** The name is free again; the ids below it stay what they were. Its slot stays taken, until another name takes it. */
  detach(id: number): void {
    this.flags[id]! |= DETACHED;
  }

  has(id: number, flag: number): boolean {
    return (this.flags[id]! & flag) !== 0;
  }

  mark(id: number, flag: number): void {
    this.flags[id]! |= flag;
  }

  unmark(id: number, flag: number): void {
    this.flags[id]! &= ~flag;
  }

  /** Copies the name and a NUL; gives its length. */
  copyName(id: number, into: Buffer, at: number): number {
    const length = this.#nameLength[id]!;
    this.#names.copy(into, at, this.#nameStart[id]!, this.#nameStart[id]! + length);
    into[at + length] = 0;
    return length;
  }

  name(id: number): Buffer {
    return Buffer.from(this.#names.subarray(this.#nameStart[id]!, this.#nameStart[id]! + this.#nameLength[id]!));
  }

  /** The path below the root and a NUL, `.` for the root itself. `into` must hold the longest path and a NUL. */
  copyPath(id: number, into: Buffer): number {
    if (id === ROOT) {
      into[0] = 0x2e;
      into[1] = 0;
      return 1;
    }
    const length = this.#pathLength[id]!;
    into[length] = 0;
    let end = length;
    for (let at = id; at !== ROOT; at = this.parent[at]!) {
      const start = this.#nameStart[at]!;
      end -= this.#nameLength[at]!;
      this.#names.copy(into, end, start, start + this.#nameLength[at]!);
      if (end > 0) into[--end] = SLASH;
    }
    return length;
  }

  /** Empty for the root. */
  path(id: number): Buffer {
    if (id === ROOT) return Buffer.alloc(0);
    const bytes = Buffer.allocUnsafe(this.#pathLength[id]! + 2);
    return bytes.subarray(0, this.copyPath(id, bytes));
  }

  #claim(parent: number, bytes: Buffer, start: number, end: number, flags: number): number {
    const id = this.count++;
    const length = end - start;
    if (this.#namesEnd + length > this.#names.length) {
      const larger = Buffer.allocUnsafeSlow(this.#names.length * 2);
      this.#names.copy(larger, 0, 0, this.#namesEnd);
      this.#names = larger;
    }
    bytes.copy(this.#names, this.#namesEnd, start, end);
    this.parent[id] = parent;
    this.flags[id] = flags;
    this.#nameStart[id] = this.#namesEnd;
    this.#nameLength[id] = length;
    const above = this.#pathLength[parent]!;
    this.#pathLength[id] = above === 0 ? length : above + 1 + length;
    this.#namesEnd += length;
    return id;
  }

  /** The slot that holds the name, or one that is free. */
  #slotOf(parent: number, bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(parent, bytes, start, end) & mask;
    for (;;) {
      const id = this.#slots[slot]! - 1;
      if (id < 0 || this.#is(id, parent, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Where a new name goes: the first slot on its way that is free or a detached name's. */
  #freeSlot(parent: number, bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(parent, bytes, start, end) & mask;
    while (this.#slots[slot] !== 0 && !this.has(this.#slots[slot]! - 1, DETACHED)) slot = (slot + 1) & mask;
    return slot;
  }

  #hash(parent: number, bytes: Buffer, start: number, end: number): number {
    let hash = this.#seed ^ Math.imul(parent, 0x9e3779b1);
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    return hash ^ (hash >>> 15);
  }

  #is(id: number, parent: number, bytes: Buffer, start: number, end: number): boolean {
    if (this.parent[id] !== parent || this.#nameLength[id] !== end - start || this.has(id, DETACHED)) return false;
    const names = this.#names;
    let at = this.#nameStart[id]!;
    for (let i = start; i < end; i++) {
      if (names[at++] !== bytes[i]) return false;
    }
    return true;
  }

  #grow(capacity: number): void {
    const grown = <T extends { set(from: T): void }>(from: T, larger: T): T => {
      larger.set(from);
      return larger;
    };
    this.parent = grown(this.parent, new Int32Array(capacity));
    this.flags = grown(this.flags, new Uint16Array(capacity));
    this.mode = grown(this.mode, new Uint16Array(capacity));
    this.uid = grown(this.uid, new Uint32Array(capacity));
    this.gid = grown(this.gid, new Uint32Array(capacity));
    this.mtimeSec = grown(this.mtimeSec, new Float64Array(capacity));
    this.mtimeNsec = grown(this.mtimeNsec, new Uint32Array(capacity));
    this.#nameStart = grown(this.#nameStart, new Uint32Array(capacity));
    this.#nameLength = grown(this.#nameLength, new Uint8Array(capacity));
    this.#pathLength = grown(this.#pathLength, new Uint16Array(capacity));
    if (this.#slots.length === 0) this.#rehash(512);
  }

  #rehash(size: number): void {
    this.#slots = new Int32Array(size);
    this.#used = 0;
    for (let id = 1; id < this.count; id++) {
      if (this.has(id, DETACHED)) continue;
      const start = this.#nameStart[id]!;
      this.#slots[this.#freeSlot(this.parent[id]!, this.#names, start, start + this.#nameLength[id]!)] = id + 1;
      this.#used++;
    }
  }
}
