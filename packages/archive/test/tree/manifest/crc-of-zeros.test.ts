import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { writeManifest } from "../../../src/index.ts";
import { crcAfterZeros } from "../../../src/tree/manifest/crc-of-zeros.ts";

test("is what reading the zeros would give", () => {
  for (const before of ["", "a", "content\0"]) {
    for (const length of [0, 1, 2, 7, 8, 4096, 65_537, 1_000_003]) {
      expect(crcAfterZeros(crc32(before), length)).toBe(crc32(Buffer.alloc(length), crc32(before)));
    }
  }
});

test("a length beyond 32 bits is the sum of its halves", () => {
  const half = 3 * 2 ** 31 + 5;
  expect(crcAfterZeros(crc32("x"), 2 * half)).toBe(crcAfterZeros(crcAfterZeros(crc32("x"), half), half));
});

test("a sparse file and the same bytes written out have one manifest", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "copyup-crc-"));
  try {
    const bytes = Buffer.alloc(5 << 20);
    bytes.write("start", 0);
    bytes.write("middle", 3_000_001);
    const manifests = [];
    for (const name of ["sparse", "full"]) {
      mkdirSync(`${directory}/${name}`);
      const fd = openSync(`${directory}/${name}/f`, "w");
      if (name === "full") writeSync(fd, bytes);
      ftruncateSync(fd, bytes.length);
      writeSync(fd, "start", 0);
      writeSync(fd, "middle", 3_000_001);
      closeSync(fd);
      const above = [{ dir: `${directory}/${name}`, dialect: "tree" as const }];
      await writeManifest({ above, below: null }, `${directory}/${name}.manifest`);
      manifests.push(readFileSync(`${directory}/${name}.manifest`, "latin1"));
    }
    expect(manifests[0]).toContain(String(bytes.length));
    expect(manifests[0]).toBe(manifests[1]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
