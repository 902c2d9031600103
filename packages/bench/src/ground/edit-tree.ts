import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  type Stats,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** The edits' own time, so that drivers edited one after another have equal views, and export equal bytes. */
const TIME_SEC = 1_750_000_000;

/** Ordinary edits, the same on every driver: every 20th file appended to, the next deleted, the next chmodded; new ones. */
export function editTree(root: string): void {
  let index = 0;
  const written: string[] = [];
  for (const file of regularFiles(root)) {
    index++;
    if (index % 20 === 0) {
      appendFileSync(file, "edited\n");
      written.push(file);
    } else if (index % 20 === 1) {
      rmSync(file);
      written.push(path.dirname(file));
    } else if (index % 20 === 2) chmodSync(file, 0o600);
  }
  const dir = path.join(root, "copyup-bench");
  mkdirSync(dir);
  for (let i = 0; i < 100; i++) {
    const file = path.join(dir, `new-${i}`);
    writeFileSync(file, `new file ${i}\n`);
    written.push(file);
  }
  for (const touched of new Set([...written, dir, root])) utimesSync(touched, TIME_SEC, TIME_SEC);
}

const LARGE_BYTES = 1024 * 1024;

/**
 * In a fixed order, so that every driver gets the same edits. Large files are left alone: this is not about copy-up; and files with
 * several names: what becomes of those is where drivers differ (fuse-overlayfs shows an edit under all names while it is
 * mounted, and has it under one on the disk), so that nobody could verify the changes.
 */
function regularFiles(root: string): string[] {
  const found: string[] = [];
  const visit = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const at = path.join(dir, entry.name);
      if (entry.isDirectory()) visit(at);
      else if (entry.isFile() && isOrdinary(lstatSync(at))) found.push(at);
    }
  };
  visit(root);
  return found;
}

function isOrdinary({ size, nlink }: Stats): boolean {
  return size < LARGE_BYTES && nlink === 1;
}
