import { crc32 } from "node:zlib";
import { closeFd, EINTR, ENXIO, libc, pin, readlinkAt, SEEK_DATA, SEEK_END } from "@copyup/linux";
import { checked } from "../failure.ts";
import { openFile } from "../open-file.ts";
import type { Pace, Paced } from "../pace.ts";
import { closeContent, contentFd, type ViewEntry } from "../view/index.ts";
import { crcOfBytes } from "./crc-of-bytes.ts";
import { crcAfterZeros } from "./crc-of-zeros.ts";

const PIECE = 256 * 1024;
const piece = pin(PIECE);

export interface Content {
  readonly size: number;
  readonly crc: number;
}

export const NO_CONTENT: Content = { size: 0, crc: 0 };

/** What a manifest says of an entry's content. Throws SystemError or StorageError. */
export function* contentOf(entry: ViewEntry, path: string, pace: Pace, op: string): Paced<Content> {
  const { type, rdevMajor, rdevMinor } = entry.stat;
  if (type === "file") return yield* fileContent(entry, path, pace, op);
  if (type === "symlink") {
    const text = readlinkAt(entry.dirfd, Buffer.from(entry.name, "latin1"));
    return { size: text.length, crc: crc32(text) };
  }
  return type === "char" || type === "block" ? { size: 0, crc: crc32(`${rdevMajor}:${rdevMinor}`) } : NO_CONTENT;
}

function* fileContent(entry: ViewEntry, path: string, pace: Pace, op: string): Paced<Content> {
  const fd = checked(openFile(entry.dirfd, entry.name), "openat", op, path);
  let content = fd;
  const crcOf = crcOfBytes();
  try {
    content = contentFd(entry, fd, op, path);
    let size = 0;
    let crc = 0;
    for (;;) {
      const got = libc.read(content, piece.ptr, PIECE);
      if (got === -EINTR) continue;
      if (checked(got, "read", op, path) === 0) return { size, crc };
      crc = crcOf(crc, piece.buffer, 0, got, piece.ptr);
      size += got;
      pace.bytes += got;
      if (got === PIECE) {
        const hole = holeAfter(content, size);
        if (hole > 0) crc = crcAfterZeros(crc, hole);
        size += hole;
      }
      // Short of a full piece the next read says 0 in all but a file that grows.
      if (pace.due) yield;
    }
  } finally {
    closeContent(content, fd);
    closeFd(fd);
  }
}

/** Bytes of the hole that begins at `at`, where the descriptor stands; it stands behind the hole then. */
function holeAfter(fd: number, at: number): number {
  const data = libc.lseek(fd, at, SEEK_DATA);
  // ENXIO: there is no more data. Another error: the filesystem knows no holes.
  const end = data === -ENXIO ? libc.lseek(fd, 0, SEEK_END) : data;
  return end > at ? end - at : 0;
}
