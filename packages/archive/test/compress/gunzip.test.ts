import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openPlain } from "../../src/compress/index.ts";
import { describeWithOracle, run } from "../codec/oracle.ts";
import { CODECS, inPieces, plainOf, sha, someBytes } from "./streams.ts";

const LARGE = someBytes(3_000_000);
const SMALL = Buffer.from("a small member\n");

/** A member with every optional field in its header. */
function ornate(content: Buffer): Buffer {
  const plain = gzipSync(content);
  const header = Buffer.from(plain.subarray(0, 10));
  header[3] = 0x02 | 0x04 | 0x08 | 0x10;
  const fields = [Buffer.from([5, 0]), Buffer.from("extra"), Buffer.from("name\0comment\0"), Buffer.from([0, 0])];
  return Buffer.concat([header, ...fields, plain.subarray(10)]);
}

describe.each(CODECS)("by %s", (codec) => {
  beforeEach(() => void vi.stubEnv("COPYUP_GZIP", codec));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([1, 2, 1000, 65_536, 10_000_000])("reads one member in pieces of %d", async (size) => {
    const compressed = gzipSync(size < 1000 ? LARGE.subarray(0, 100_000) : LARGE);
    const { plain, stream } = await plainOf(inPieces(compressed, size));
    expect(plain.equals(size < 1000 ? LARGE.subarray(0, 100_000) : LARGE)).toBe(true);
    expect(stream.compression).toBe("gzip");
    expect(stream.digests()).toEqual({ compressed: sha(compressed), plain: sha(plain) });
  });

  it.each([1, 3, 777, 10_000_000])("reads members of all sizes one after another, in pieces of %d", async (size) => {
    const contents = [
      SMALL,
      Buffer.alloc(0),
      LARGE.subarray(0, 300_000),
      SMALL,
      SMALL,
      LARGE.subarray(0, 70_000),
      Buffer.alloc(0),
      SMALL,
    ];
    const members = contents.map((content, i) => (i % 2 === 0 ? gzipSync(content) : ornate(content)));
    const { plain } = await plainOf(inPieces(Buffer.concat(members), size));
    expect(plain.equals(Buffer.concat(contents))).toBe(true);
  });

  it("reads ten thousand small members fast enough (eStargz)", async () => {
    const member = gzipSync(SMALL);
    const { plain } = await plainOf([Buffer.concat(Array.from({ length: 10_000 }, () => member))]);
    expect(plain.length).toBe(10_000 * SMALL.length);
  });

  it("reads small members wherever the pieces end", async () => {
    const contents = Array.from({ length: 200 }, (_, i) => Buffer.concat([randomBytes(2000), Buffer.alloc(i)]));
    const compressed = Buffer.concat(contents.map((content) => gzipSync(content)));
    const end = Buffer.concat(contents.slice(0, 150).map((content) => gzipSync(content))).length;
    expect(end).toBeGreaterThan(256 * 1024);
    for (let cut = end - 12; cut < end + 30; cut++) {
      const { plain } = await plainOf([compressed.subarray(0, cut), compressed.subarray(cut)]);
      expect(plain.equals(Buffer.concat(contents)), `cut at ${cut}`).toBe(true);
    }
  });

  it("gives pieces of about a megabyte", async () => {
    const sizes: number[] = [];
    for await (const chunk of (await openPlain(inPieces(gzipSync(Buffer.alloc(20 << 20)), 100))).chunks)
      sizes.push(chunk.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1 << 20);
    expect(sizes.length).toBeLessThan(30);
  });

  it.each([
    ["zeros", Buffer.alloc(3000)],
    ["one zero", Buffer.alloc(1)],
    ["text", Buffer.from("garbage after the end")],
    ["half a magic number", Buffer.from([0x1f])],
    ["more text than is read ahead", Buffer.alloc(3 << 20, "x")],
    ["zeros and another member", Buffer.concat([Buffer.alloc(9), gzipSync(SMALL)])],
  ])("ignores %s after a complete member, and digests them", async (_, garbage) => {
    for (const members of [[LARGE], [SMALL], [SMALL, SMALL], [SMALL, LARGE, SMALL]]) {
      const compressed = Buffer.concat([...members.map((content) => gzipSync(content)), garbage]);
      for (const size of [compressed.length, 50_000]) {
        const { plain, stream } = await plainOf(inPieces(compressed, size));
        expect(plain.equals(Buffer.concat(members))).toBe(true);
        expect(stream.digests().compressed).toBe(sha(compressed));
      }
    }
  });

  it("refuses a stream cut anywhere", async () => {
    const compressed = Buffer.concat([gzipSync(SMALL), ornate(SMALL)]);
    const boundary = gzipSync(SMALL).length;
    for (let length = 2; length < compressed.length; length++) {
      // One byte of the next member is garbage that gzip(1) ignores, too.
      if (length === boundary || length === boundary + 1) continue;
      await expect(plainOf(inPieces(compressed.subarray(0, length), 7)), `${length}`).rejects.toMatchObject({
        code: "BAD_ARCHIVE",
      });
    }
    const large = gzipSync(LARGE);
    await expect(plainOf([large.subarray(0, large.length - 9)])).rejects.toMatchObject({ code: "BAD_ARCHIVE" });
    await expect(plainOf([large.subarray(0, large.length - 1)])).rejects.toThrow(/truncated in a gzip trailer/);
  });

  it.each([
    ["sum", -8, /checksum is wrong/],
    ["length", -4, /length is wrong/],
    ["method", 2, /unknown method/],
    ["flags", 3, /unknown method or flag/],
    ["data", 20, /damaged|checksum/],
  ])("refuses a damaged %s", async (_, at, message) => {
    for (const content of [SMALL, LARGE]) {
      const first = gzipSync(SMALL);
      const second = gzipSync(content);
      second[(at + second.length) % second.length]! ^= 0xff;
      const stream = plainOf([first, second]);
      await expect(stream).rejects.toMatchObject({ code: "BAD_ARCHIVE", op: "apply" });
      await expect(stream).rejects.toThrow(message);
    }
  });

  describeWithOracle("gzip", "gzip(1)", () => {
    it.each(["-1", "-6", "-9"])("%s is read", async (level) => {
      const { plain } = await plainOf([run("gzip", [level, "-c"], LARGE)]);
      expect(plain.equals(LARGE)).toBe(true);
    });
    it("takes the same for garbage", () => {
      const compressed = Buffer.concat([gzipSync(SMALL), Buffer.from("garbage")]);
      expect(run("sh", ["-c", "gzip -dc 2>/dev/null; true"], compressed)).toEqual(SMALL);
    });
  });
});
