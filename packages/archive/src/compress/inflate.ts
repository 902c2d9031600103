import type { StorageError } from "@copyup/core";
import { badStream } from "./bad-stream.ts";

/** Members below this size, uncompressed, are taken to be followed by others of the kind. */
export const SMALL_MEMBER = 256 * 1024;

/** Takes the deflate streams of a gzip archive off its source, one after another. */
export interface Inflate {
  /** The bytes of one, each piece good until the next is asked for; the source then stands behind it. BAD_ARCHIVE if it is damaged. */
  member(small: boolean): AsyncIterable<Buffer>;
  /** CRC-32 of the last member's bytes. */
  readonly sum: number;
}

export function damagedGzip(cause: unknown): StorageError {
  return badStream(`the gzip stream is damaged: ${(cause as Error).message}`, undefined, cause);
}
