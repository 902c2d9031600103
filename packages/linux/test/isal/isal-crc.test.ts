import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { addressOf, findIsal, isalCrc32 } from "../../src/index.ts";

const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * i) >> 3));

test.runIf("library" in findIsal())("ISA-L's sum is zlib's, at every place, of every length, and in pieces", () => {
  const crc = isalCrc32()!;
  const at = addressOf(bytes);
  for (const offset of [0, 1, 7, 63])
    for (const length of [0, 1, 15, 16, 17, 255, 256, 1000, 4096, 65_536])
      expect(crc(0, at + offset, length)).toBe(crc32(bytes.subarray(offset, offset + length)));
  let whole = 0;
  for (let from = 0; from < bytes.length; from += 999)
    whole = crc(whole, at + from, Math.min(999, bytes.length - from));
  expect(whole).toBe(crc32(bytes));
});
