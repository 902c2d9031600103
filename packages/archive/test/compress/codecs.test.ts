import { createHash } from "node:crypto";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { gzipCodec, openPlain } from "../../src/compress/index.ts";
import { CODECS, inPieces, plainOf, someBytes } from "./streams.ts";

const ISAL = CODECS.includes("isa-l");

/** Numbers that look random, the same every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

async function outcome(codec: string, pieces: () => Iterable<Buffer>): Promise<string> {
  vi.stubEnv("COPYUP_GZIP", codec);
  try {
    const { plain } = await plainOf(pieces());
    return `${plain.length} bytes, ${createHash("sha256").update(plain).digest("hex")}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** A gzip member of any deflate data, its sum and length right for what the data stands for. */
function member(deflated: Buffer, plain: Buffer): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(plain), 0);
  trailer.writeUInt32LE(plain.length, 4);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), deflated, trailer]);
}

afterEach(() => void vi.unstubAllEnvs());

it("says which codec is in use, and why", () => {
  expect(gzipCodec()).toEqual(
    ISAL
      ? { codec: "isa-l", reason: "libisal.so.2 is installed" }
      : { codec: "zlib", reason: expect.stringContaining("libisal") },
  );
  vi.stubEnv("COPYUP_GZIP", "zlib");
  expect(gzipCodec()).toEqual({ codec: "zlib", reason: "COPYUP_GZIP=zlib" });
});

describe.runIf(ISAL)("ISA-L and node:zlib", () => {
  it("read the same, whatever the compressor was told and wherever the pieces end", async () => {
    const number = numbers(1);
    for (let round = 0; round < 60; round++) {
      const plain = someBytes(1 + number(number(3) === 0 ? 3_000_000 : 5000));
      for (let i = number(50); i > 0; i--) plain[number(plain.length)] = number(256);
      const options = { level: number(10), strategy: number(5), memLevel: 1 + number(9), windowBits: 9 + number(7) };
      const members = Buffer.concat([
        member(deflateRawSync(plain, options), plain),
        gzipSync(plain.subarray(0, 100)),
        Buffer.alloc(number(3) * 7),
      ]);
      const size = 1 + number(members.length < 10_000 ? 30 : members.length);
      const [isal, zlib] = [
        await outcome("isa-l", () => inPieces(members, size)),
        await outcome("zlib", () => inPieces(members, size)),
      ];
      expect([round, options, isal]).toEqual([round, options, zlib]);
      expect(isal).toMatch(/bytes/);
    }
  });

  it("refuse the same, wherever a byte is changed, lost or cut off", async () => {
    const number = numbers(2);
    const whole = gzipSync(someBytes(20_000));
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      let bytes = Buffer.from(whole);
      // The headers of the gzip and of the first block are where most can go wrong.
      const at = number(2) === 0 ? number(100) : number(bytes.length);
      const how = number(3);
      if (how === 0) bytes[at]! ^= 1 << number(8);
      else if (how === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + number(3))]);
      else bytes = bytes.subarray(0, at);
      const [isal, zlib] = [await outcome("isa-l", () => [bytes]), await outcome("zlib", () => [bytes])];
      expect([round, isal]).toEqual([round, zlib]);
      if (isal === "BAD_ARCHIVE") refused++;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it("differ in one thing, which no compressor writes: codes that stand for nothing", async () => {
    // A dynamic block whose distance codes are two of length 2: half of the code space is free. Then 'a' and the end.
    const { block, plain } = blockWithFreeCodes();
    expect(await outcome("zlib", () => [member(block, plain)])).toBe("BAD_ARCHIVE");
    expect(await outcome("isa-l", () => [member(block, plain)])).toMatch(/^1 bytes/);
  });

  it("hold a bomb back until it is asked for", async () => {
    const bomb = gzipSync(Buffer.alloc(1 << 28));
    for (const codec of CODECS) {
      vi.stubEnv("COPYUP_GZIP", codec);
      const before = process.memoryUsage().rss;
      let seen = 0;
      for await (const chunk of (await openPlain([bomb])).chunks) {
        seen += chunk.length;
        if (seen > 10 << 20) break;
      }
      expect(process.memoryUsage().rss - before, codec).toBeLessThan(64 << 20);
    }
  });
});

/** Bits as deflate packs them (RFC 1951, section 3.1.1). */
function blockWithFreeCodes(): { block: Buffer; plain: Buffer } {
  const bits: number[] = [];
  const number = (value: number, length: number) => {
    for (let i = 0; i < length; i++) bits.push((value >> i) & 1);
  };
  const code = (text: string) => {
    for (const bit of text) bits.push(Number(bit));
  };
  number(1, 1);
  number(2, 2);
  // HLIT 257, HDIST 2, HCLEN 18 code lengths: in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1.
  number(0, 5);
  number(1, 5);
  number(14, 4);
  // Lengths 18, 1 and 2 are used, with codes of 1, 2 and 2 bits.
  const lengths = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2];
  for (const length of lengths) number(length, 3);
  const [zeros, one, two] = ["0", "10", "11"] as const;
  const skip = (count: number) => {
    code(zeros);
    number(count - 11, 7);
  };
  // 97 zeros, 'a' of length 1, 158 zeros, end of block of length 1; then the two distances of length 2.
  skip(97);
  code(one);
  skip(138);
  skip(20);
  code(one);
  code(two);
  code(two);
  // 'a' is 0, the end 1.
  code("01");
  const block = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) block[i >> 3]! |= bit << (i & 7);
  return { block, plain: Buffer.from("a") };
}
