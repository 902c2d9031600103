import { EINTR, ENXIO, libc, pin, SEEK_DATA, type Stat } from "@copyup/linux";
import { checked } from "../failure.ts";
import type { Pace, Paced } from "../pace.ts";

const PIECE = 128 * 1024;
const left = pin(PIECE);
const right = pin(PIECE);

/** Compares the contents of two open files that have the same size. What is a hole in both is not read. */
export function* sameBytes(
  a: number,
  b: number,
  statA: Stat,
  statB: Stat,
  pace: Pace,
  op: string,
  path: string,
): Paced<boolean> {
  const { size } = statA;
  const holes = statA.blocks * 512 < size && statB.blocks * 512 < size;
  for (let at = 0; at < size; ) {
    if (holes) {
      at = Math.min(nextData(a, at, size, op, path), nextData(b, at, size, op, path));
      if (at >= size) break;
    }
    const wanted = Math.min(PIECE, size - at);
    const gotA = readPiece(a, left.ptr, at, wanted, op, path);
    const gotB = readPiece(b, right.ptr, at, wanted, op, path);
    if (gotA !== gotB || left.buffer.compare(right.buffer, 0, gotB, 0, gotA) !== 0) return false;
    // Both became shorter since they were looked at.
    if (gotA === 0) return true;
    at += gotA;
    pace.bytes += gotA;
    if (pace.due) yield;
  }
  return true;
}

function nextData(fd: number, at: number, size: number, op: string, path: string): number {
  const found = libc.lseek(fd, at, SEEK_DATA);
  return found === -ENXIO ? size : checked(found, "lseek", op, path);
}

function readPiece(fd: number, ptr: number, at: number, wanted: number, op: string, path: string): number {
  for (;;) {
    const got = libc.pread(fd, ptr, wanted, at);
    if (got !== -EINTR) return checked(got, "pread", op, path);
  }
}
