import { gzipSync, zstdCompressSync } from "node:zlib";
import { isStorageError } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { detectCompression } from "../../src/compress/index.ts";
import { describeWithOracle, run } from "../codec/oracle.ts";

it("knows gzip and zstd by their first bytes, a zstd frame of no content too", () => {
  expect(detectCompression(gzipSync("x"))).toBe("gzip");
  expect(detectCompression(zstdCompressSync(Buffer.from("x")))).toBe("zstd");
  expect(detectCompression(Buffer.from("5a2a4d1804000000", "hex"))).toBe("zstd");
});

it("takes all else for plain, however short", () => {
  for (const text of ["", "u", "usr", "usr/bin", "\x1f", "\x28\xb5\x2f", "BZ", "\0\0\0\0\0\0"]) {
    expect(detectCompression(Buffer.from(text, "latin1")), text).toBe("none");
  }
});

describe("compressions that layers do not have", () => {
  it.each([
    ["bzip2", "425a6839314159"],
    ["xz", "fd377a585a000004"],
    ["lz4", "04224d18644070"],
    ["zip", "504b03041400"],
  ])("%s is refused with a hint", (name, hex) => {
    try {
      detectCompression(Buffer.from(hex, "hex"));
      expect.fail("it was accepted");
    } catch (error) {
      if (!isStorageError(error, "BAD_ARCHIVE")) throw error;
      expect(error.message).toContain(name);
      expect(error.hint).toMatch(/pipe it through/);
    }
  });
});

describeWithOracle("xz", "xz", () => {
  it("is spelt so", () => expect(() => detectCompression(run("xz", ["-c"], Buffer.from("x")))).toThrow(/xz/));
});

describeWithOracle("bzip2", "bzip2", () => {
  it("is spelt so", () => expect(() => detectCompression(run("bzip2", ["-c"], Buffer.from("x")))).toThrow(/bzip2/));
});
