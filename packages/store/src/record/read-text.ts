import { readFileSync } from "node:fs";

/**
 * Reads a record as UTF-8; null where there is none. With node:fs, whose reading of a whole text is one call: who only looks at records
 * needs no other system call, and loading the FFI takes as long as reading a thousand of them.
 */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
