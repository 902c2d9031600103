import { closeSync, ftruncateSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { contentDigest } from "../../src/tree/content-digest.ts";
import { scratchDirectory } from "../scratch-directory.ts";

function digest(path: string): string {
  const fd = openSync(path, "r");
  try {
    return contentDigest(fd, statSync(path).size);
  } finally {
    closeSync(fd);
  }
}

test("equal bytes have equal digests, in holes or written out, and large holes cost nothing", () => {
  const directory = scratchDirectory();
  const bytes = Buffer.alloc(3 << 20);
  bytes.write("data", 1_500_000);
  writeFileSync(`${directory}/written`, bytes);
  const fd = openSync(`${directory}/sparse`, "w");
  ftruncateSync(fd, bytes.length);
  writeSync(fd, "data", 1_500_000);
  closeSync(fd);
  expect(digest(`${directory}/sparse`)).toBe(digest(`${directory}/written`));
  bytes.write("date", 1_500_000);
  writeFileSync(`${directory}/written`, bytes);
  expect(digest(`${directory}/sparse`)).not.toBe(digest(`${directory}/written`));
});

test("the length counts, and so does where the bytes are", () => {
  const directory = scratchDirectory();
  const files = ["", "\0", "\0\0", `${"\0".repeat(4096)}x`, `${"\0".repeat(8192)}x`, "x"].map((text, index) => {
    writeFileSync(`${directory}/${index}`, text);
    return digest(`${directory}/${index}`);
  });
  expect(new Set(files).size).toBe(files.length);
});
