import { once } from "node:events";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { cannotRead } from "./cannot-read.ts";

/** Small enough that what was read is still in the CPU's cache when it is summed and written. */
const PIECE_BYTES = 256 * 1024;

/**
 * Where an archive comes from: a file, or `-` for standard input. It is open when this returns, so one that cannot be read
 * is told of before anything is made. Rejects with IO.
 */
export async function openArchive(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === "-") return process.stdin;
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    if (stat.isFile()) return piecesOf(openSync(file, "r"), file);
    // A fifo's open waits for somebody to write: not in this thread, which Ctrl-C must reach.
    const stream = createReadStream(file);
    await once(stream, "open");
    return stream;
  } catch (error) {
    throw cannotRead("apply", file, (error as NodeJS.ErrnoException).code);
  }
}

/** Synchronously and into the same memory: a read stream costs two threads' work and a fresh megabyte for each piece. */
async function* piecesOf(fd: number, file: string): AsyncGenerator<Uint8Array> {
  const memory = Buffer.allocUnsafeSlow(PIECE_BYTES);
  try {
    for (;;) {
      const length = readSync(fd, memory, 0, PIECE_BYTES, null);
      if (length === 0) return;
      yield length === PIECE_BYTES ? memory : memory.subarray(0, length);
    }
  } catch (error) {
    throw cannotRead("apply", file, (error as NodeJS.ErrnoException).code);
  } finally {
    closeSync(fd);
  }
}
