import { crc32 } from "node:zlib";
import { closeFd, EINTR, libc, pin } from "@copyup/linux";
import { checked } from "../failure.ts";
import { openFile } from "../open-file.ts";
import type { Pace } from "../pace.ts";

const CHUNK_BYTES = 256 * 1024;
let chunk: ReturnType<typeof pin> | null = null;

/** What a manifest says of a file's bytes; minus errno where it cannot be opened. Yields when others should run. */
export function* checksumOf(
  dirfd: number,
  name: string,
  pace: Pace,
  op: string,
  path: string,
): Generator<undefined, { size: number; crc: number } | number, undefined> {
  chunk ??= pin(CHUNK_BYTES);
  const { buffer, ptr } = chunk;
  const fd = openFile(dirfd, name);
  if (fd < 0) return fd;
  let crc = 0;
  let size = 0;
  try {
    for (;;) {
      const got = libc.read(fd, ptr, CHUNK_BYTES);
      if (got === -EINTR) continue;
      if (checked(got, "read", op, path) === 0) return { size, crc };
      // Before anybody else may read into the same buffer.
      crc = crc32(buffer.subarray(0, got), crc);
      size += got;
      pace.bytes += got;
      if (pace.due) yield;
    }
  } finally {
    closeFd(fd);
  }
}
