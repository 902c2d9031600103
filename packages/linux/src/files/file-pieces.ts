import { closeFd, readFd } from "./files.ts";

/** Small enough that what was read is still in the CPU's cache when it is summed and written elsewhere. */
const PIECE_BYTES = 256 * 1024;

/**
 * The rest of an open regular file, which is closed at the end. All pieces lie in the same memory: each is good until the
 * next is asked for. A read stream costs two threads' work and a fresh megabyte for each piece. Throws SystemError.
 */
export function* filePieces(fd: number): Generator<Buffer, void, undefined> {
  try {
    const memory = Buffer.allocUnsafeSlow(PIECE_BYTES);
    for (let length = readFd(fd, memory); length > 0; length = readFd(fd, memory)) yield memory.subarray(0, length);
  } finally {
    closeFd(fd);
  }
}
