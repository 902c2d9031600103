import { closeSync, mkdirSync, openSync, utimesSync, writeSync } from "node:fs";
import path from "node:path";
import type { Many } from "./many.ts";
import { TextPieces } from "./text-like.ts";

const FILES = 10;
const FILE_BYTES = 50_000_000;
const PIECE_BYTES = 1_000_000;
const TIME_SEC = 1_750_000_000;

/**
 * The tree `large`: at scale 1 ten files of 50 MB in one directory, the same bytes every time. `repeating`: that compress to a
 * hundredth, for when nothing but their number matters.
 */
export function makeLarge(root: string, { scale = 1, repeating = false } = {}): Many {
  const dir = path.join(root, "large");
  mkdirSync(dir, { recursive: true });
  const pieces = new TextPieces();
  const same = repeating ? Buffer.alloc(PIECE_BYTES, pieces.take(16 * 1024)) : null;
  const size = Math.max(PIECE_BYTES, Math.round((FILE_BYTES * scale) / PIECE_BYTES) * PIECE_BYTES);
  for (let index = 0; index < FILES; index++) {
    const file = path.join(dir, `file-${index}`);
    const fd = openSync(file, "wx", 0o644);
    try {
      for (let left = size; left > 0; left -= PIECE_BYTES) writeSync(fd, same ?? pieces.take(PIECE_BYTES));
    } finally {
      closeSync(fd);
    }
    utimesSync(file, TIME_SEC, TIME_SEC + index);
  }
  utimesSync(dir, TIME_SEC, TIME_SEC);
  return { entries: FILES + 1, bytes: FILES * size };
}
