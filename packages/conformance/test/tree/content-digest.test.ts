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

test("data over several reads and around holes: only the bytes count", () => {
  const directory = scratchDirectory();
  const bytes = Buffer.alloc(5 << 20);
  bytes.fill("some data ", 10_000, 3_500_000);
  bytes.fill("and more", 4_194_304 + 8192);
  writeFileSync(`${directory}/written`, bytes);
  const fd = openSync(`${directory}/sparse`, "w");
  ftruncateSync(fd, bytes.length);
  writeSync(fd, bytes, 10_000, 3_490_000, 10_000);
  writeSync(fd, bytes, 4_202_496, bytes.length - 4_202_496, 4_202_496);
  closeSync(fd);
  expect(digest(`${directory}/sparse`)).toBe(digest(`${directory}/written`));
  for (const at of [10_000, 1_048_576, 3_499_999, 4_202_496, bytes.length - 1]) {
    const other = Buffer.from(bytes);
    other[at] = 0x7e;
    writeFileSync(`${directory}/other`, other);
    expect(digest(`${directory}/other`), `another byte at ${at}`).not.toBe(digest(`${directory}/written`));
  }
});

test("the same data at another place is another file", () => {
  const directory = scratchDirectory();
  const at = (position: number) => {
    const bytes = Buffer.alloc(3 << 20);
    bytes.fill("data", position, position + 8192);
    writeFileSync(`${directory}/f`, bytes);
    return digest(`${directory}/f`);
  };
  expect(new Set([0, 4096, 8192, 1_048_576, 2_097_152].map(at)).size).toBe(5);
});
