import { badStream } from "./bad-stream.ts";

/** RFC 8878, section 3.1.1. */
const MAGIC_AND_DESCRIPTOR = 5;
const BLOCK_HEADER = 3;
const CHECKSUM = 4;
const RLE = 1;
const RESERVED = 3;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;

type Part = "descriptor" | "header" | "block-header" | "block" | "checksum";

/** Finds where a frame ends by walking its blocks, without decompressing any. */
export class ZstdFrame {
  /** The frame's last byte was seen. */
  done = false;
  #part: Part = "descriptor";
  /** Bytes missing to the end of the part. */
  #missing = MAGIC_AND_DESCRIPTOR;
  /** The last bytes, little-endian, as far as a part's meaning needs them. */
  #number = 0;
  #hasChecksum = false;
  #lastBlock = false;

  /** Takes `bytes[start..]` up to the frame's end; returns where that is, or `bytes.length`. */
  feed(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && !this.done) {
      if (this.#part === "descriptor" || this.#part === "block-header") {
        this.#missing--;
        this.#number = (this.#number >>> 8) + bytes[at]! * 2 ** 16;
        at++;
      } else {
        const length = Math.min(this.#missing, bytes.length - at);
        this.#missing -= length;
        at += length;
      }
      while (this.#missing === 0 && !this.done) this.#next();
    }
    return at;
  }

  /** A part is complete: what comes after it? */
  #next(): void {
    if (this.#part === "descriptor") this.#begin("header", this.#headerLength(this.#number >>> 16));
    else if (this.#part === "block-header") this.#block(this.#number);
    else if (this.#part === "checksum") this.done = true;
    else if (this.#part === "header" || !this.#lastBlock) this.#begin("block-header", BLOCK_HEADER);
    else this.#begin("checksum", this.#hasChecksum ? CHECKSUM : 0);
  }

  #begin(part: Part, length: number): void {
    this.#part = part;
    this.#missing = length;
  }

  /** What follows the descriptor byte: window, dictionary id, content size. */
  #headerLength(descriptor: number): number {
    const singleSegment = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >>> 6;
    this.#hasChecksum = (descriptor & 0x04) !== 0;
    const contentSize = sizeFlag === 0 && singleSegment ? 1 : CONTENT_SIZE_BYTES[sizeFlag]!;
    return (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]! + contentSize;
  }

  #block(header: number): void {
    const type = (header >>> 1) & 3;
    if (type === RESERVED) throw badStream("the zstd stream is damaged: a block of unknown type");
    this.#lastBlock = (header & 1) !== 0;
    this.#begin("block", type === RLE ? 1 : header >>> 3);
  }
}
