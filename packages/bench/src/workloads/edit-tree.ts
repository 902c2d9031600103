import { appendFileSync, chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Ordinary edits, the same on every driver: every 20th file appended to, the next deleted, the next chmodded; new ones. */
export function editTree(root: string): void {
  let index = 0;
  for (const file of regularFiles(root)) {
    index++;
    if (index % 20 === 0) appendFileSync(file, "edited\n");
    else if (index % 20 === 1) rmSync(file);
    else if (index % 20 === 2) chmodSync(file, 0o600);
  }
  const dir = path.join(root, "copyup-bench");
  mkdirSync(dir);
  for (let i = 0; i < 100; i++) writeFileSync(path.join(dir, `new-${i}`), `new file ${i}\n`);
}

const LARGE_BYTES = 1024 * 1024;

/** In a fixed order, so that every driver gets the same edits. Large files are left alone: this is not about copy-up. */
function regularFiles(root: string): string[] {
  const found: string[] = [];
  const visit = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const at = path.join(dir, entry.name);
      if (entry.isDirectory()) visit(at);
      else if (entry.isFile() && lstatSync(at).size < LARGE_BYTES) found.push(at);
    }
  };
  visit(root);
  return found;
}
