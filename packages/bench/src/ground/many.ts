import { chownSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isSystemError, setXattr } from "@copyup/linux";
import { TextPieces } from "./text-like.ts";

export interface Many {
  readonly entries: number;
  readonly bytes: number;
}

const DIRECTORIES = 2000;
const TIME_SEC = 1_750_000_000;

/**
 * The tree `many`: 22,000 entries at scale 1, as a base image has them: small files of 1 to 8 KiB, 2,000 directories, symlinks,
 * hard links, some xattrs, and for root other owners. The same bytes every time.
 */
export function makeMany(root: string, { scale = 1, owners }: { scale?: number; owners: boolean }): Many {
  const directories: string[] = [];
  const text = new TextPieces();
  const count = Math.max(1, Math.round(DIRECTORIES * scale));
  let entries = 0;
  let bytes = 0;
  for (let d = 0; d < count; d++) {
    // Three deep, as /usr/lib and /usr/share are.
    const dir = path.join(root, `usr-${d % 7}`, `part-${d % 97}`, `dir-${d}`);
    mkdirSync(dir, { recursive: true });
    directories.push(dir);
    entries++;
    for (let f = 0; f < 9; f++) {
      const index = d * 9 + f;
      const file = path.join(dir, `file-${index}.txt`);
      const content = text.take(sizeOf(index));
      writeFileSync(file, content, { mode: index % 11 === 0 ? 0o755 : 0o644 });
      bytes += content.length;
      entries++;
      if (index % 40 === 0) trySetXattr(file, index);
      if (owners && index % 15 === 0) chownSync(file, 1000 + (index % 5), 1000);
      utimesSync(file, TIME_SEC, TIME_SEC + (index % 1000) / 1000);
    }
    if (d % 2 === 0) {
      symlinkSync(`../dir-${d}/file-${d * 9}.txt`, path.join(dir, "link"));
      entries++;
    }
    if (d % 2 === 1) {
      linkSync(path.join(dir, `file-${d * 9}.txt`), path.join(dir, "second-name"));
      entries++;
    }
  }
  for (const dir of directories) utimesSync(dir, TIME_SEC, TIME_SEC);
  return { entries, bytes };
}

/** 1 to 8 KiB. */
function sizeOf(index: number): number {
  return 1024 + ((index * 2_654_435_761) % 7168);
}

/** Of the `user` namespace, which any user may set; a filesystem without them has none. */
function trySetXattr(file: string, index: number): void {
  try {
    setXattr(file, "user.copyup.bench", Buffer.from(`value ${index}`));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
