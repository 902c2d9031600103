import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { cachedBytes, dropCached } from "@copyup/linux";

/** The regular files below some directories, each inode once, for asking what the page cache holds of them. */
export class CachedFiles {
  readonly #files: { readonly file: string; readonly size: number }[] = [];

  constructor(roots: readonly string[]) {
    const seen = new Set<string>();
    for (const root of roots) {
      for (const file of regularFiles(root)) {
        withFile(file, (fd) => {
          const { dev, ino, size } = fstatSync(fd, { bigint: true });
          const key = `${dev}:${ino}`;
          if (size === 0n || seen.has(key)) return;
          seen.add(key);
          this.#files.push({ file, size: Number(size) });
        });
      }
    }
  }

  bytes(): number {
    let sum = 0;
    for (const { file, size } of this.#files) sum += withFile(file, (fd) => cachedBytes(fd, size));
    return sum;
  }

  /** Those that are not on the disk yet stay. */
  drop(): void {
    for (const { file } of this.#files) withFile(file, dropCached);
  }
}

const buffer = Buffer.alloc(128 * 1024);

/** Reads every regular file below a directory, as its users do; gives how many bytes that were. */
export function readTree(root: string): number {
  let sum = 0;
  for (const file of regularFiles(root)) sum += readFile(file);
  return sum;
}

/** Has files, and all that lies below directories, in the page cache; what this user may not read stays as it is. */
export function readIntoCache(roots: readonly string[]): void {
  for (const root of roots) {
    ifAllowed(() => {
      for (const file of lstatSync(root).isDirectory() ? regularFiles(root) : [root]) ifAllowed(() => readFile(file));
    });
  }
}

function ifAllowed(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EACCES")) throw error;
  }
}

function readFile(file: string): number {
  return withFile(file, (fd) => {
    let bytes = 0;
    for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) bytes += got;
    return bytes;
  });
}

export function* regularFiles(root: string): Generator<string> {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const at = path.join(root, entry.name);
    if (entry.isDirectory()) yield* regularFiles(at);
    else if (entry.isFile()) yield at;
  }
}

function withFile<T>(file: string, use: (fd: number) => T): T {
  const fd = openSync(file, "r");
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
