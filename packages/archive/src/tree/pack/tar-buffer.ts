import { addressOf } from "@copyup/linux";

/** What is handed out at once; a multiple of the tar block. */
export const CHUNK_BYTES = 1 << 20;

/** The archive's bytes as they are made, in pieces of about 1 MB. */
export class TarBuffer {
  bytes: Buffer = Buffer.alloc(0);
  /** Address of `bytes`, for read(2) straight into it. */
  ptr = 0;
  used = 0;
  private readonly reuse: boolean;
  /** Taken before, and read by now. */
  private spare: Buffer | null = null;

  /** `reuse`: a piece that was taken may be written to again when the next one is taken. */
  constructor(reuse: boolean) {
    this.reuse = reuse;
  }

  get room(): number {
    return this.bytes.length - this.used;
  }

  /** What is there, null if nothing; after it there is room for `atLeast` bytes. */
  take(atLeast: number): Buffer | null {
    const { bytes, spare } = this;
    const taken = this.used === 0 ? null : bytes.subarray(0, this.used);
    const length = Math.max(CHUNK_BYTES, atLeast);
    // Else a fresh one each time: who reads ahead (Readable.from, pipeline) holds several at once.
    this.bytes = spare !== null && spare.length >= length ? spare : Buffer.allocUnsafeSlow(length);
    if (this.reuse && bytes.length >= CHUNK_BYTES) this.spare = bytes;
    this.ptr = addressOf(this.bytes);
    this.used = 0;
    return taken;
  }

  /** What is there at the end. */
  last(): Buffer | null {
    return this.used === 0 ? null : this.bytes.subarray(0, this.used);
  }

  zeros(length: number): void {
    if (length === 0) return;
    this.bytes.fill(0, this.used, this.used + length);
    this.used += length;
  }
}
