import { constants, createGzip, createZstdCompress } from "node:zlib";
import { StorageError } from "@copyup/core";
import { ByteSource, type Source } from "./byte-source.ts";
import type { Compression } from "./detect.ts";
import { OUTPUT_BYTES, pump, type ZlibStream } from "./pump.ts";

/**
 * The same bytes, compressed, in pieces of up to 1 MB. Equal input gives equal output with one version of node (no time and
 * no name go into a gzip header). `level`: gzip 0 to 9, default 6; zstd 1 to 22, default 3; BAD_OPTION outside. Leaving the
 * loop, or an error of the source, closes the source.
 */
export async function* compress(source: Source, kind: Compression, level?: number): AsyncGenerator<Buffer> {
  const bytes = new ByteSource(source);
  try {
    if (kind === "none") yield* bytes;
    else yield* pump(compressor(kind, level), (write) => feedAll(bytes, write), failed);
  } finally {
    await bytes.close();
  }
}

function compressor(kind: "gzip" | "zstd", level: number | undefined): ZlibStream {
  const [lowest, highest, usual] = kind === "gzip" ? [0, 9, 6] : [1, 22, 3];
  const chosen = level ?? usual;
  if (!Number.isInteger(chosen) || chosen < lowest || chosen > highest) {
    const message = `${kind} has levels ${lowest} to ${highest}, not ${chosen}`;
    throw new StorageError({ code: "BAD_OPTION", op: "compress", message });
  }
  if (kind === "gzip") return createGzip({ level: chosen, chunkSize: OUTPUT_BYTES }) as unknown as ZlibStream;
  const params = { [constants.ZSTD_c_compressionLevel]: chosen, [constants.ZSTD_c_checksumFlag]: 1 };
  return createZstdCompress({ params, chunkSize: OUTPUT_BYTES }) as unknown as ZlibStream;
}

async function feedAll(source: ByteSource, write: (bytes: Buffer) => Promise<number>): Promise<void> {
  for await (const bytes of source) await write(bytes);
}

function failed(cause: unknown): StorageError {
  return new StorageError({
    code: "IO",
    op: "compress",
    message: `compressing failed: ${(cause as Error).message}`,
    cause,
  });
}
