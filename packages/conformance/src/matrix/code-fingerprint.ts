import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** More than any package has; a driver's module may lie in somebody's home directory. */
const MOST_FILES = 5000;

/** sha256 over the code in these directories: names and content of its files, whatever their times. */
export function codeFingerprint(directories: readonly string[]): string {
  const hash = createHash("sha256");
  for (const directory of directories) {
    for (const file of codeFiles(directory)) {
      hash.update(`${path.relative(directory, file)}\0`);
      hash.update(createHash("sha256").update(readFileSync(file)).digest());
    }
    hash.update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

function codeFiles(directory: string): string[] {
  const found: string[] = [];
  const walk = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (entry.name.startsWith(".") || entry.name === "node_modules" || found.length >= MOST_FILES) continue;
      const at = path.join(dir, entry.name);
      if (entry.isDirectory()) walk(at);
      else if (/\.[cm]?[jt]s$|\.node$/.test(entry.name) && !entry.name.endsWith(".d.ts")) found.push(at);
    }
  };
  walk(directory);
  return found.sort();
}
