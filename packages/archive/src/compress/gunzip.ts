import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { badStream } from "./bad-stream.ts";
import type { ByteSource } from "./byte-source.ts";
import { takeGzipHeader } from "./gzip-header.ts";
import { OUTPUT_BYTES, pump, type ZlibStream } from "./pump.ts";

/** Compressed bytes that are tried in one synchronous call where members are small. */
const SMALL_INPUT = 64 * 1024;
const SMALL_OUTPUT = 256 * 1024;

/**
 * All members, one after another. What follows a complete member and is no member, zeros or anything else, is ignored, as
 * gzip(1) does. Sums and lengths are checked.
 *
 * Not node:zlib's Gunzip, which walks members itself: bytes after the last one make it fail, and the output of its last
 * call, up to a whole file, is lost with them; zeros end it even if another member follows (Node 24.21).
 */
export async function* gunzip(source: ByteSource): AsyncGenerator<Buffer> {
  let small = false;
  while (await takeGzipHeader(source)) {
    let sum = 0;
    let length = 0;
    for await (const bytes of member(source, small)) {
      sum = crc32(bytes, sum);
      length += bytes.length;
      yield bytes;
    }
    const trailer = await source.take(8, "a gzip trailer");
    if (trailer.readUInt32LE(0) !== sum) throw badStream("the gzip checksum is wrong");
    if (trailer.readUInt32LE(4) !== length % 2 ** 32) throw badStream("the gzip length is wrong");
    small = length < SMALL_OUTPUT;
  }
  await source.drain();
}

/**
 * One deflate stream. eStargz makes a member of each file, ten thousands of them, and setting up a stream costs 190 µs of
 * CPU where a synchronous call costs 15: so after a small member the next is tried that way.
 */
async function* member(source: ByteSource, small: boolean): AsyncGenerator<Buffer> {
  const whole = small ? inflateSmall(source) : null;
  if (whole !== null) {
    if (whole.length > 0) yield whole;
    return;
  }
  const stream = createInflateRaw({ chunkSize: OUTPUT_BYTES }) as unknown as ZlibStream;
  const feed = async (write: (bytes: Buffer) => Promise<number>): Promise<void> => {
    for (;;) {
      const bytes = await source.next();
      if (bytes === null) return;
      const unwanted = await write(bytes);
      if (unwanted === 0) continue;
      source.unread(bytes.subarray(bytes.length - unwanted));
      return;
    }
  };
  yield* pump(stream, feed, (cause) =>
    badStream(`the gzip stream is damaged: ${(cause as Error).message}`, undefined, cause),
  );
}

/** Null if the member does not end in what is in memory, or is large or damaged: the stream will tell. */
function inflateSmall(source: ByteSource): Buffer | null {
  const input = source.buffered.subarray(0, SMALL_INPUT);
  try {
    const options = { info: true, finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: SMALL_OUTPUT };
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
