import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { damagedGzip, type Inflate, SMALL_MEMBER } from "./inflate.ts";
import { OUTPUT_BYTES, pump, type ZlibStream } from "./pump.ts";

/** Compressed bytes that are tried in one synchronous call where members are small. */
const SMALL_INPUT = 64 * 1024;

/**
 * Deflate streams by node:zlib. eStargz makes a member of each file, ten thousands of them, and setting up a stream costs 190 µs of
 * CPU where a synchronous call costs 15: so after a small member the next is tried that way.
 */
export class ZlibInflate implements Inflate {
  sum = 0;
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async *member(small: boolean): AsyncGenerator<Buffer> {
    this.sum = 0;
    const whole = small ? inflateSmall(this.#source) : null;
    if (whole !== null) {
      if (whole.length > 0) yield this.#summed(whole);
      return;
    }
    const stream = createInflateRaw({ chunkSize: OUTPUT_BYTES }) as unknown as ZlibStream;
    for await (const bytes of pump(stream, (write) => this.#feed(write), damagedGzip)) yield this.#summed(bytes);
  }

  #summed(bytes: Buffer): Buffer {
    this.sum = crc32(bytes, this.sum);
    return bytes;
  }

  async #feed(write: (bytes: Buffer) => Promise<number>): Promise<void> {
    for (;;) {
      const bytes = await this.#source.next();
      if (bytes === null) return;
      const unwanted = await write(bytes);
      if (unwanted === 0) continue;
      this.#source.unread(bytes.subarray(bytes.length - unwanted));
      return;
    }
  }
}

/** Null if the member does not end in what is in memory, or is large or damaged: the stream will tell. */
function inflateSmall(source: ByteSource): Buffer | null {
  const input = source.buffered.subarray(0, SMALL_INPUT);
  try {
    const options = { info: true, finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: SMALL_MEMBER };
    // The types do not know `info`, which has been documented since Node 12.
    const { buffer, engine } = inflateRawSync(input, options) as unknown as { buffer: Buffer; engine: ZlibStream };
    // All input used: it may have ended just there, or not yet.
    if (engine.bytesWritten >= input.length) return null;
    source.skipBuffered(engine.bytesWritten);
    return buffer;
  } catch {
    return null;
  }
}
