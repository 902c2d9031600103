import { createZstdDecompress, zstdDecompressSync } from "node:zlib";
import { badStream } from "./bad-stream.ts";
import type { ByteSource } from "./byte-source.ts";
import { isSkippable, isZstd } from "./detect.ts";
import { OUTPUT_BYTES, pump, type ZlibStream } from "./pump.ts";
import { ZstdFrame } from "./zstd-frame.ts";

/** Frames up to this size, whole in memory, are decompressed in one synchronous call. */
const SMALL_INPUT = 64 * 1024;
const SMALL_OUTPUT = 1 << 20;

/**
 * All frames, one after another; frames of no content (pzstd, zstd:chunked) are passed over. Anything else is BAD_ARCHIVE,
 * as for zstd(1).
 *
 * node:zlib's stream stops at the first frame's end if more follows in the same piece, and says nothing (Node 24.21). So
 * frames are told apart here and it is only ever given one. Windows above 128 MB are refused, as by zstd(1).
 */
export async function* unzstd(source: ByteSource): AsyncGenerator<Buffer> {
  for (;;) {
    const magic = await source.peek(4);
    if (magic.length === 0) return;
    if (magic.length < 4) throw badStream("the archive is truncated in a zstd frame");
    if (isSkippable(magic)) await skipFrame(source);
    else if (isZstd(magic)) yield* frame(source);
    else throw badStream("what follows a zstd frame is not another");
  }
}

async function skipFrame(source: ByteSource): Promise<void> {
  let left = (await source.take(8, "a zstd frame")).readUInt32LE(4);
  while (left > 0) {
    const bytes = await source.next();
    if (bytes === null) throw badStream("the archive is truncated in a zstd frame");
    if (bytes.length > left) source.unread(bytes.subarray(left));
    left -= Math.min(left, bytes.length);
  }
}

/** zstd:chunked makes a frame of each file: a stream for each would cost ten times a synchronous call. */
async function* frame(source: ByteSource): AsyncGenerator<Buffer> {
  const whole = decompressSmall(source);
  if (whole !== null) {
    if (whole.length > 0) yield whole;
    return;
  }
  const stream = createZstdDecompress({ chunkSize: OUTPUT_BYTES }) as unknown as ZlibStream;
  const feed = async (write: (bytes: Buffer) => Promise<number>): Promise<void> => {
    const walk = new ZstdFrame();
    while (!walk.done) {
      const bytes = await source.next();
      if (bytes === null) throw badStream("the archive is truncated in a zstd frame");
      const end = walk.feed(bytes, 0);
      if (end < bytes.length) source.unread(bytes.subarray(end));
      await write(bytes.subarray(0, end));
    }
  };
  yield* pump(stream, feed, damaged);
}

/** Null if the frame is large, or not yet whole in memory. */
function decompressSmall(source: ByteSource): Buffer | null {
  const input = source.buffered.subarray(0, SMALL_INPUT);
  const walk = new ZstdFrame();
  const end = walk.feed(input, 0);
  if (!walk.done) return null;
  try {
    const output = zstdDecompressSync(input.subarray(0, end), { maxOutputLength: SMALL_OUTPUT });
    source.skipBuffered(end);
    return output;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return null;
    throw damaged(error);
  }
}

function damaged(cause: unknown) {
  return badStream(`the zstd stream is damaged: ${(cause as Error).message}`, undefined, cause);
}
