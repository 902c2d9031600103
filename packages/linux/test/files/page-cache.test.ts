import { closeSync, fsyncSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { cachedBytes, dropCached } from "@copyup/linux";
import { expect, test } from "vitest";

test("what was dropped is not cached, what was read is", (context) => {
  // Not the temporary directory: on tmpfs the pages are the file, and cannot be dropped.
  const dir = mkdtempSync(path.join(import.meta.dirname, ".page-cache-"));
  const file = path.join(dir, "file");
  try {
    writeFileSync(file, Buffer.alloc(600_000, "page"));
    const fd = openSync(file, "r+");
    try {
      writeSync(fd, "written", 0);
      fsyncSync(fd);
      const whole = Math.ceil(600_000 / 4096) * 4096;
      expect(cachedBytes(fd, 600_000)).toBeGreaterThanOrEqual(whole);
      dropCached(fd);
      if (cachedBytes(fd, 600_000) > 0) context.skip("this filesystem keeps its files' pages in memory");
      const buffer = Buffer.alloc(600_000);
      expect(readSync(fd, buffer, 0, buffer.length, 0)).toBe(600_000);
      expect(cachedBytes(fd, 600_000)).toBeGreaterThanOrEqual(whole);
      expect(cachedBytes(fd, 0)).toBe(0);
    } finally {
      closeSync(fd);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});
