import { setImmediate } from "node:timers/promises";
import { aborted } from "./bad-stream.ts";
import { ByteSource, type Source } from "./byte-source.ts";
import { type Compression, detectCompression, MAGIC_BYTES } from "./detect.ts";
import { gunzip } from "./gunzip.ts";
import { type Sha256, sha256 } from "./sha256.ts";
import { unzstd } from "./unzstd.ts";

/** House rule 9: timers, signals and aborts get their turn at least this often. */
const YIELD_MS = 10;

export interface PlainStream {
  readonly compression: Compression;
  /**
   * The uncompressed bytes, in pieces of up to about 1 MB, each good until the next is asked for. To be walked once, to the end or not: leaving the
   * loop closes the source.
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Of the bytes as they came (null if that was not wanted) and uncompressed, `sha256:…`. Throws before `chunks` has come to its end. */
  digests(): { compressed: string | null; plain: string };
}

export interface OpenPlainOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default true. A sum of its own, for archives that are compressed: a twentieth of reading one. */
  readonly compressedDigest?: boolean | undefined;
}

/**
 * Reads as much of `source` as is needed to see how it is compressed. BAD_ARCHIVE if it is not plain, gzip or zstd, and
 * later, from `chunks`, if it is damaged or cut short; ABORTED within moments of the signal; errors of the source come
 * through as they are. On any error the source is closed (`return()`; a Node stream is destroyed).
 *
 * Memory is a few MB whatever is in the stream: nothing is decompressed before it is asked for.
 */
export async function openPlain(source: Source, options: OpenPlainOptions = {}): Promise<PlainStream> {
  const { signal, compressedDigest = true } = options;
  const compressedHash = compressedDigest ? sha256() : null;
  const bytes = new ByteSource(source, { signal, onBytes: (piece) => compressedHash?.update(piece) });
  try {
    const compression = detectCompression(await bytes.peek(MAGIC_BYTES));
    return plainStream(bytes, compression, compressedHash, signal);
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

function plainStream(
  source: ByteSource,
  compression: Compression,
  compressedHash: Sha256 | null,
  signal: AbortSignal | undefined,
): PlainStream {
  // Of a plain archive both digests are the same: it is summed once.
  const plainHash = compression === "none" && compressedHash !== null ? null : sha256();
  let digests: { compressed: string | null; plain: string } | null = null;

  async function* chunks(): AsyncGenerator<Buffer> {
    let lastYield = performance.now();
    try {
      for await (const chunk of decode(source, compression)) {
        plainHash?.update(chunk);
        if (performance.now() - lastYield > YIELD_MS) {
          await setImmediate();
          lastYield = performance.now();
        }
        if (signal?.aborted) throw aborted(signal);
        yield chunk;
      }
      const own = plainHash?.digest();
      const compressed = compressedHash?.digest() ?? null;
      digests = { compressed: compression === "none" ? (own ?? compressed) : compressed, plain: own ?? compressed! };
    } finally {
      await source.close();
    }
  }

  return {
    compression,
    chunks: chunks(),
    digests() {
      if (digests === null) throw new Error("digests() before the end of the stream");
      return { ...digests };
    },
  };
}

function decode(source: ByteSource, compression: Compression): AsyncIterable<Buffer> {
  if (compression === "gzip") return gunzip(source);
  if (compression === "zstd") return unzstd(source);
  return source;
}
