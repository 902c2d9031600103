import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { compress } from "../../src/compress/index.ts";
import { describeWithOracle, run } from "../codec/oracle.ts";
import { collect, inPieces, plainOf, someBytes, WatchedSource } from "./streams.ts";

const BYTES = someBytes(2_500_000);

it.each([
  ["none", undefined],
  ["gzip", undefined],
  ["gzip", 1],
  ["zstd", undefined],
  ["zstd", 9],
] as const)("%s at level %s is read back, and always the same", async (kind, level) => {
  const compressed = await collect(compress(inPieces(BYTES, 60_000), kind, level));
  const { plain, stream } = await plainOf([compressed]);
  expect(plain.equals(BYTES)).toBe(true);
  expect(stream.compression).toBe(kind);
  expect((await collect(compress([BYTES], kind, level))).equals(compressed)).toBe(true);
});

it("compresses nothing, too", async () => {
  expect(gunzipSync(await collect(compress([], "gzip")))).toHaveLength(0);
  expect(zstdDecompressSync(await collect(compress([], "zstd")))).toHaveLength(0);
  expect(await collect(compress([], "none"))).toHaveLength(0);
});

it("has a level that says something", async () => {
  const [fast, small] = await Promise.all([
    collect(compress([BYTES], "gzip", 1)),
    collect(compress([BYTES], "gzip", 9)),
  ]);
  expect(small.length).toBeLessThan(fast.length);
});

it.each([
  ["gzip", 10],
  ["gzip", -1],
  ["zstd", 0],
  ["zstd", 23],
  ["zstd", 1.5],
] as const)("%s has no level %d", async (kind, level) => {
  const source = new WatchedSource([BYTES]);
  await expect(collect(compress(source, kind, level))).rejects.toMatchObject({ code: "BAD_OPTION" });
  expect(source.returned).toBe(true);
});

it.each(["none", "gzip", "zstd"] as const)(
  "%s closes its source when the consumer leaves or the source fails",
  async (kind) => {
    const source = new WatchedSource(inPieces(someBytes(20_000_000), 300_000));
    for await (const _ of compress(source, kind)) break;
    expect(source.returned).toBe(true);
    expect(source.pulled).toBeLessThan(15_000_000);

    const own = new Error("disk gone");
    const failing = (function* () {
      yield BYTES;
      throw own;
    })();
    await expect(collect(compress(failing, kind))).rejects.toBe(own);
  },
);

describeWithOracle("gzip", "gzip(1)", () => {
  it("reads it", async () => {
    expect(run("gzip", ["-dc"], await collect(compress([BYTES], "gzip"))).equals(BYTES)).toBe(true);
  });
});

describeWithOracle("zstd", "zstd(1)", () => {
  it("reads it, and finds a checksum", async () => {
    const compressed = await collect(compress([BYTES], "zstd"));
    expect(run("zstd", ["-dqc"], compressed).equals(BYTES)).toBe(true);
    compressed[compressed.length - 1]! ^= 0xff;
    expect(() => run("zstd", ["-dqc"], compressed)).toThrow(/checksum|Checksum/);
  });
});
