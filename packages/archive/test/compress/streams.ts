import { createHash } from "node:crypto";
import { gzipCodec, openPlain, type PlainStream, type Source } from "../../src/compress/index.ts";

/** For COPYUP_GZIP: all that this host has. */
export const CODECS: readonly string[] = gzipCodec().codec === "isa-l" ? ["isa-l", "zlib"] : ["zlib"];

export function sha(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  // A copy: a chunk is only good until the next one.
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

export async function plainOf(source: Source): Promise<{ plain: Buffer; stream: PlainStream }> {
  const stream = await openPlain(source);
  return { plain: await collect(stream.chunks), stream };
}

export function* inPieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Bytes that compress about three to one, always the same. */
export function someBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    bytes[i] = 97 + ((state >>> 16) % 6);
  }
  return bytes;
}

/** A source that remembers how it was treated. */
export class WatchedSource {
  pulled = 0;
  returned = false;
  readonly #pieces: Iterator<Uint8Array>;

  constructor(pieces: Iterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.iterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        const result = this.#pieces.next();
        this.pulled += result.done === true ? 0 : result.value.length;
        return result;
      },
      return: async () => {
        this.returned = true;
        return { done: true, value: undefined };
      },
    };
  }
}
