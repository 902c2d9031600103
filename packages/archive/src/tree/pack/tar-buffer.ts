import { addressOf } from "@copyup/linux";

/** What is handed out at once; a multiple of the tar block. */
export const CHUNK_BYTES = 1 << 20;

/** The archive's bytes as they are made, in pieces of about 1 MB. A piece that was taken is not touched again. */
export class TarBuffer {
  bytes = Buffer.alloc(0);
  /** Address of `bytes`, for read(2) straight into it. */
  ptr = 0;
  used = 0;

  get room(): number {
    return this.bytes.length - this.used;
  }

  /** What is there, null if nothing; after it there is room for `atLeast` bytes. */
  take(atLeast: number): Buffer | null {
    const taken = this.used === 0 ? null : this.bytes.subarray(0, this.used);
    // A fresh one each time: whoever reads ahead (Readable.from, pipeline) holds several at once.
    this.bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, atLeast));
    this.ptr = addressOf(this.bytes);
    this.used = 0;
    return taken;
  }

  /** What is there at the end. */
  last(): Buffer | null {
    return this.used === 0 ? null : this.bytes.subarray(0, this.used);
  }

  zeros(length: number): void {
    this.bytes.fill(0, this.used, this.used + length);
    this.used += length;
  }
}
