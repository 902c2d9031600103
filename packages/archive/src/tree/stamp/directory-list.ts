import { AT_FDCWD, isSystemError, readWholeFile, type Stat } from "@copyup/linux";
import { hashPath } from "./path-hash.ts";

const RECORD_BYTES = 16;
const hash = new Uint32Array(2);

/** Collects directories for the file that `CopyStamp.directories` names; its format is told there. */
export class DirectoryListBuilder {
  private bytes = Buffer.alloc(1024 * RECORD_BYTES);
  private count = 0;

  add(stat: Stat, path: string): void {
    const at = this.count++ * RECORD_BYTES;
    if (at === this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(at)]);
    hashPath(path, hash);
    this.bytes.writeUInt32LE(stat.inoLow, at);
    this.bytes.writeUInt32LE(stat.inoHigh, at + 4);
    this.bytes.writeUInt32LE(hash[0]!, at + 8);
    this.bytes.writeUInt32LE(hash[1]!, at + 12);
  }

  toBuffer(): Buffer {
    const order = Array.from({ length: this.count }, (_, index) => index * RECORD_BYTES);
    const inode = (at: number) => this.bytes.readBigUInt64LE(at);
    order.sort((a, b) => (inode(a) < inode(b) ? -1 : 1));
    const sorted = Buffer.alloc(this.count * RECORD_BYTES);
    for (const [index, at] of order.entries()) this.bytes.copy(sorted, index * RECORD_BYTES, at, at + RECORD_BYTES);
    return sorted;
  }
}

/** Says of a directory whether it lay at this very path when the copy was made. */
export class DirectoryList {
  private readonly bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Null where there is no such file, or it is none of ours. */
  static read(file: string): DirectoryList | null {
    try {
      const bytes = readWholeFile(AT_FDCWD, file, Number.MAX_SAFE_INTEGER);
      return bytes.length % RECORD_BYTES === 0 ? new DirectoryList(bytes) : null;
    } catch (error) {
      if (isSystemError(error)) return null;
      throw error;
    }
  }

  has(stat: Stat, path: string): boolean {
    const at = this.find(stat.inoHigh, stat.inoLow);
    if (at < 0) return false;
    hashPath(path, hash);
    return this.bytes.readUInt32LE(at + 8) === hash[0] && this.bytes.readUInt32LE(at + 12) === hash[1];
  }

  private find(high: number, low: number): number {
    let from = 0;
    let to = this.bytes.length / RECORD_BYTES;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const at = middle * RECORD_BYTES;
      const order = this.bytes.readUInt32LE(at + 4) - high || this.bytes.readUInt32LE(at) - low;
      if (order === 0) return at;
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    return -1;
  }
}
