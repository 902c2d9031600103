import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach } from "vitest";

/** A directory for each test, removed after it. */
export function freshDirectory(): { readonly path: string } {
  let path = "";
  beforeEach(() => {
    path = mkdtempSync(`${tmpdir()}/linux-`);
  });
  afterEach(() => rmSync(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
  };
}
