import type { TestEntry } from "./tar-of.ts";

/** Short words for the entries of a test archive. */
export const root: TestEntry = { path: "", type: "directory", mode: 0o755, mtimeSec: 5 };

export function dir(path: string, more: Partial<TestEntry> = {}): TestEntry {
  return { path, type: "directory", ...more };
}

/** Its content is its path unless said. */
export function file(path: string, data: string | Buffer = path, more: Partial<TestEntry> = {}): TestEntry {
  return { path, data, ...more };
}

/** An empty file, as whiteouts are. */
export function mark(path: string): TestEntry {
  return { path };
}

export function symlink(path: string, link: string, more: Partial<TestEntry> = {}): TestEntry {
  return { path, type: "symlink", link, ...more };
}

export function hardlink(path: string, link: string): TestEntry {
  return { path, type: "hardlink", link };
}

export function names(view: Record<string, unknown>): string[] {
  return Object.keys(view).sort();
}
