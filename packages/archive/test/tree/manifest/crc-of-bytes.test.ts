import { crc32 } from "node:zlib";
import { addressOf } from "@copyup/linux";
import { afterEach, expect, test, vi } from "vitest";
import { crcOfBytes } from "../../../src/tree/manifest/crc-of-bytes.ts";

afterEach(() => vi.unstubAllEnvs());

test.each(["", "zlib"])("a manifest's sums do not depend on what takes them (COPYUP_GZIP=%s)", (codec) => {
  vi.stubEnv("COPYUP_GZIP", codec);
  const crcOf = crcOfBytes();
  const bytes = Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7919) >> 4));
  const address = addressOf(bytes);
  const before = crcOf(0, bytes, 5, 4000, address + 5);
  expect(crcOf(before, bytes, 4005, 900, address + 4005)).toBe(crc32(bytes.subarray(5, 4905)));
});
