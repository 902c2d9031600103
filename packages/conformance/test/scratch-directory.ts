import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { afterEach } from "vitest";

const made: string[] = [];

/** A fresh directory, removed after the test. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "copyup-conformance-test-"));
  made.push(directory);
  return directory;
}

afterEach(async () => {
  for (const directory of made.splice(0)) await removeTree(directory);
});
