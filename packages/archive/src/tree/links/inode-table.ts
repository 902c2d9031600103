import { randomBytes } from "node:crypto";
import type { Stat } from "@copyup/linux";

/** What a table needs to know of a file. */
export interface Inode {
  /** Index of the part of its view: each may be a filesystem of its own with the same numbers. */
  readonly part: number;
  readonly stat: Stat;
}

const FIRST_CAPACITY = 64;

/**
 * Inodes by small numbers, which are free again when removed. Typed arrays and no objects: 22 to 44 bytes an inode, because a
 * tree may have millions of files with several names.
 */
export class InodeTable {
  #part = new Uint16Array(0);
  /** As in the kernel, 12 bits and 20: https://docs.kernel.org/admin-guide/devices.html */
  #device = new Uint32Array(0);
  #inoHigh = new Uint32Array(0);
  #inoLow = new Uint32Array(0);
  /** id + 1 of the next with this hash, or the next free id + 1. */
  #next = new Int32Array(0);
  /** id + 1 by hash. */
  #heads = new Int32Array(0);
  #used = 0;
  #free = 0;
  /** Inode numbers that collide under every seed cannot be made up. */
  readonly #seed = randomBytes(4).readInt32LE();

  /** -1 if it is not there. */
  find({ part, stat }: Inode): number {
    if (this.#used === 0) return -1;
    const device = deviceOf(stat);
    let id = this.#heads[this.#hash(part, device, stat.inoHigh, stat.inoLow)]! - 1;
    while (id >= 0 && !this.#is(id, part, device, stat)) id = this.#next[id]! - 1;
    return id;
  }

  has(inode: Inode): boolean {
    return this.find(inode) >= 0;
  }

  /** The id it has, or a new one. */
  add(inode: Inode): number {
    const known = this.find(inode);
    if (known >= 0) return known;
    if (this.#free === 0 && this.#used === this.#next.length) this.#grow();
    const id = this.#free > 0 ? this.#free - 1 : this.#used++;
    if (this.#free > 0) this.#free = this.#next[id]!;
    const { part, stat } = inode;
    this.#part[id] = part;
    this.#device[id] = deviceOf(stat);
    this.#inoHigh[id] = stat.inoHigh;
    this.#inoLow[id] = stat.inoLow;
    this.#link(id);
    return id;
  }

  remove(id: number): void {
    const hash = this.#hashOf(id);
    let before = -1;
    for (let at = this.#heads[hash]! - 1; at !== id; at = this.#next[at]! - 1) before = at;
    if (before < 0) this.#heads[hash] = this.#next[id]!;
    else this.#next[before] = this.#next[id]!;
    this.#next[id] = this.#free;
    this.#free = id + 1;
  }

  #is(id: number, part: number, device: number, { inoHigh, inoLow }: Stat): boolean {
    return (
      this.#inoLow[id] === inoLow &&
      this.#inoHigh[id] === inoHigh &&
      this.#device[id] === device &&
      this.#part[id] === part
    );
  }

  #hash(part: number, device: number, inoHigh: number, inoLow: number): number {
    let hash = Math.imul(this.#seed ^ inoLow, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ inoHigh, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ device ^ (part << 16), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) & (this.#heads.length - 1);
  }

  #hashOf(id: number): number {
    return this.#hash(this.#part[id]!, this.#device[id]!, this.#inoHigh[id]!, this.#inoLow[id]!);
  }

  #link(id: number): void {
    const hash = this.#hashOf(id);
    this.#next[id] = this.#heads[hash]!;
    this.#heads[hash] = id + 1;
  }

  /** Only when every id is in use. */
  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.#used * 2);
    const grown = <T extends { set(from: T): void }>(from: T, larger: T): T => {
      larger.set(from);
      return larger;
    };
    this.#part = grown(this.#part, new Uint16Array(capacity));
    this.#device = grown(this.#device, new Uint32Array(capacity));
    this.#inoHigh = grown(this.#inoHigh, new Uint32Array(capacity));
    this.#inoLow = grown(this.#inoLow, new Uint32Array(capacity));
    this.#next = new Int32Array(capacity);
    this.#heads = new Int32Array(capacity);
    for (let id = 0; id < this.#used; id++) this.#link(id);
  }
}

function deviceOf({ devMajor, devMinor }: Stat): number {
  return ((devMajor << 20) | devMinor) >>> 0;
}
