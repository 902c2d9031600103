import { constants, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { describeWithOracle, run } from "../codec/oracle.ts";
import { inPieces, plainOf, sha, someBytes } from "./streams.ts";

const LARGE = someBytes(3_000_000);
const SMALL = Buffer.from("a small frame\n");
const SKIPPABLE = Buffer.concat([Buffer.from("502a4d180c000000", "hex"), Buffer.from("not for you\n")]);

function zstd(content: Buffer, checksum = 0): Buffer {
  return zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: checksum } });
}

it.each([1, 2, 1000, 65_536, 10_000_000])("reads a frame in pieces of %d", async (size) => {
  const content = size < 1000 ? LARGE.subarray(0, 200_000) : LARGE;
  const compressed = zstd(content, 1);
  const { plain, stream } = await plainOf(inPieces(compressed, size));
  expect(plain.equals(content)).toBe(true);
  expect(stream.compression).toBe("zstd");
  expect(stream.digests()).toEqual({ compressed: sha(compressed), plain: sha(plain) });
});

it.each([1, 3, 777, 10_000_000])("reads frames of all sizes one after another, in pieces of %d", async (size) => {
  const contents = [SMALL, Buffer.alloc(0), LARGE.subarray(0, 400_000), SMALL, Buffer.alloc(5_000_000, "zeros"), SMALL];
  const frames = contents.map((content, i) =>
    Buffer.concat([zstd(content, i % 2), i % 3 === 0 ? SKIPPABLE : Buffer.alloc(0)]),
  );
  const { plain } = await plainOf(inPieces(Buffer.concat([SKIPPABLE, ...frames]), size));
  expect(plain.equals(Buffer.concat(contents))).toBe(true);
});

it("reads ten thousand small frames fast enough (zstd:chunked)", async () => {
  const frame = zstd(SMALL);
  const { plain } = await plainOf([Buffer.concat(Array.from({ length: 10_000 }, () => frame))]);
  expect(plain.length).toBe(10_000 * SMALL.length);
});

it("refuses a stream cut anywhere but between frames", async () => {
  const frames = [zstd(SMALL, 1), SKIPPABLE, zstd(Buffer.alloc(300_000, "z")), zstd(SMALL)];
  const compressed = Buffer.concat(frames);
  const boundaries = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length);
  for (let length = 4; length < compressed.length; length++) {
    for (const size of [length, 5]) {
      const read = plainOf(inPieces(compressed.subarray(0, length), size));
      if (boundaries.includes(length)) await read;
      else await expect(read, `${length}`).rejects.toMatchObject({ code: "BAD_ARCHIVE" });
    }
  }
  const large = zstd(LARGE);
  await expect(plainOf([large.subarray(0, large.length - 1)])).rejects.toThrow(/truncated in a zstd frame/);
});

it("refuses anything else between or after frames", async () => {
  for (const rubbish of ["rubbish", "\0\0\0\0\0\0\0\0"]) {
    const read = plainOf([Buffer.concat([zstd(SMALL), Buffer.from(rubbish)])]);
    await expect(read).rejects.toThrow(/what follows a zstd frame is not another/);
  }
});

it("refuses damage that the checksum shows, and blocks of no type", async () => {
  for (const content of [SMALL, LARGE]) {
    const damaged = zstd(content, 1);
    damaged[damaged.length - 1]! ^= 0xff;
    await expect(plainOf([damaged])).rejects.toThrow(/zstd stream is damaged/);
  }
  const noType = zstd(SMALL);
  const header = noType.length - SMALL.length - 3;
  noType[header]! |= 6;
  await expect(plainOf([noType])).rejects.toThrow(/block of unknown type/);
});

describeWithOracle("zstd", "zstd(1)", () => {
  it.each([["-1"], ["-19"], ["--no-check", "-3"], ["--long=27"], ["-T0", "-B512K", "-3"]])(
    "%s %s is read",
    async (...args) => {
      const { plain } = await plainOf([run("zstd", [...args.filter(Boolean), "-qc"], LARGE)]);
      expect(plain.equals(LARGE)).toBe(true);
    },
  );
  it("refuses the same rubbish", () => {
    expect(() => run("zstd", ["-dqc"], Buffer.concat([zstd(SMALL), Buffer.from("rubbish")]))).toThrow();
  });
});
