import type { Transform } from "node:stream";
import { StorageError } from "@copyup/core";

/** What the streams of node:zlib have besides. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

/** Output pieces; one is in the making while the one before is being consumed, and no more. */
export const OUTPUT_BYTES = 1 << 20;

/**
 * Runs a zlib stream: `feed` writes into it, what comes out is yielded. `write` resolves when the piece is used up, or the
 * stream has come to its end and wants no more; it says how many bytes were not wanted. An error of the stream goes through
 * `explain`, an error of `feed` comes out as it is.
 */
export async function* pump(
  stream: ZlibStream,
  feed: (write: (bytes: Buffer) => Promise<number>) => Promise<void>,
  explain: (error: unknown) => StorageError,
): AsyncGenerator<Buffer> {
  let fed = 0;
  const write = async (bytes: Buffer): Promise<number> => {
    fed += bytes.length;
    await new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
    return fed - stream.bytesWritten;
  };
  let failure: { error: unknown } | null = null;
  const feeding = feed(write)
    .catch((error: unknown) => {
      // A stream that has failed, or whose consumer has gone, has the last word.
      if (!stream.destroyed) failure = { error };
    })
    .finally(() => (failure === null ? stream.end() : stream.destroy()));
  try {
    for await (const bytes of stream) yield bytes as Buffer;
    await feeding;
  } catch (error) {
    if (failure === null) throw error instanceof StorageError ? error : explain(error);
  } finally {
    stream.destroy();
  }
  if (failure !== null) throw (failure as { error: unknown }).error;
}
