import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openPlain, sha256 } from "../../src/compress/index.ts";
import { CODECS, collect, inPieces, plainOf, sha, someBytes, WatchedSource } from "./streams.ts";

const BYTES = someBytes(2_500_000);
const KINDS = [
  ["none", BYTES],
  ["gzip", gzipSync(BYTES)],
  ["zstd", zstdCompressSync(BYTES)],
] as const;

describe("digests", () => {
  it("of a plain archive are the same sum", async () => {
    const { plain, stream } = await plainOf(inPieces(BYTES, 64 * 1024));
    expect(plain.equals(BYTES)).toBe(true);
    expect(stream.digests()).toEqual({ compressed: sha(BYTES), plain: sha(BYTES) });
  });

  it("are of the whole stream or none", async () => {
    const stream = await openPlain([gzipSync(BYTES)]);
    expect(() => stream.digests()).toThrow(/before the end/);
    for await (const _ of stream.chunks) break;
    expect(() => stream.digests()).toThrow(/before the end/);
  });

  it("can be had of anything", () => {
    const digest = sha256();
    digest.update(Buffer.from("ab"));
    digest.update(new Uint8Array([0x63]));
    expect(digest.digest()).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("pieces", () => {
  it("of any kind come in, large ones go out", async () => {
    async function* odd() {
      yield new Uint8Array(BYTES.subarray(0, 5));
      yield Buffer.alloc(0);
      yield* inPieces(BYTES.subarray(5, 10_000), 1);
      yield* inPieces(BYTES.subarray(10_000), 4096);
    }
    const stream = await openPlain(odd());
    const chunks: Buffer[] = [];
    for await (const chunk of stream.chunks) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(BYTES)).toBe(true);
    expect(chunks.length).toBeLessThan(6);
    expect(stream.digests().plain).toBe(sha(BYTES));
  });

  it.each(KINDS)("may lie in the same memory again and again (%s)", async (_, bytes) => {
    for (const size of [1, 3, 1000, 256 * 1024, 400_000]) {
      async function* rewritten() {
        const memory = Buffer.alloc(size);
        // Single bytes for the first kilobyte are enough, and a million of them take long.
        for (let at = 0; at < (size < 1000 ? 1024 : bytes.length); at += size) {
          memory.fill(0xaa);
          yield memory.subarray(0, bytes.copy(memory, 0, at));
        }
        if (size < 1000) yield bytes.subarray(Math.ceil(1024 / size) * size);
      }
      const { plain, stream } = await plainOf(rewritten());
      expect(plain.equals(BYTES)).toBe(true);
      expect(stream.digests()).toEqual({ compressed: sha(bytes), plain: sha(BYTES) });
    }
  });

  it("may come from a file", async () => {
    const dir = mkdtempSync(`${tmpdir()}/copyup-plain-`);
    writeFileSync(`${dir}/f`, KINDS[1][1]);
    const file = createReadStream(`${dir}/f`);
    expect((await plainOf(file)).plain.equals(BYTES)).toBe(true);
    expect(file.destroyed).toBe(true);
    rmSync(dir, { recursive: true });
  });
});

const SOURCES = KINDS.flatMap(([kind, bytes]) =>
  (kind === "gzip" ? CODECS : ["zlib"]).map((codec) => [kind, codec, bytes] as const),
);
describe.each(SOURCES)("a %s source (%s)", (_, codec, compressed) => {
  beforeEach(() => void vi.stubEnv("COPYUP_GZIP", codec));
  afterEach(() => void vi.unstubAllEnvs());

  /** Far more than any reader should take before it is asked: the same bytes over and over, the gzip or zstd way. */
  function* endless() {
    for (let i = 0; i < 500; i++) yield* inPieces(compressed, 16 * 1024);
  }

  it("is closed when the consumer leaves, and was not read ahead", async () => {
    const source = new WatchedSource(endless());
    for await (const _chunk of (await openPlain(source)).chunks) break;
    expect(source.returned).toBe(true);
    expect(source.pulled).toBeLessThan(4 << 20);
  });

  it("that fails gives its own error", async () => {
    const own = new Error("network down");
    function* failing() {
      yield compressed.subarray(0, compressed.length >> 1);
      throw own;
    }
    const stream = openPlain(failing()).then(({ chunks }) => collect(chunks));
    await expect(stream).rejects.toBe(own);
  });

  it("that hangs does not hold up an abort", async () => {
    const source = new Readable({ read() {} });
    source.push(compressed.subarray(0, compressed.length >> 1));
    const controller = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, 50);
    const read = openPlain(source, { signal: controller.signal }).then(({ chunks }) => collect(chunks));
    await expect(read).rejects.toMatchObject({ code: "ABORTED" });
    expect(performance.now() - aborted).toBeLessThan(100);
    expect(source.destroyed).toBe(true);
  });

  it("that never ends is left at an abort though nothing in it waits", async () => {
    const controller = new AbortController();
    const source = new WatchedSource(endless());
    setTimeout(() => controller.abort(), 30);
    const read = openPlain(source, { signal: controller.signal }).then(async ({ chunks }) => {
      for await (const _chunk of chunks) {
        const until = performance.now() + 5;
        while (performance.now() < until);
      }
    });
    await expect(read).rejects.toMatchObject({ code: "ABORTED" });
    expect(source.returned).toBe(true);
  });
});

it("does not touch a source when already aborted, but closes it", async () => {
  const file = createReadStream("/proc/self/status");
  await expect(openPlain(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  expect(file.destroyed).toBe(true);
});

it("closes a source it cannot read", async () => {
  for (const head of [Buffer.from("BZh91AY&SY"), Buffer.concat([gzipSync("x"), Buffer.from([0x1f, 0x8b, 9])])]) {
    const source = new WatchedSource(inPieces(Buffer.concat([head, Buffer.alloc(4 << 20)]), 300_000));
    const read = openPlain(source).then(({ chunks }) => collect(chunks));
    await expect(read).rejects.toMatchObject({ code: "BAD_ARCHIVE" });
    expect(source.returned).toBe(true);
  }
});

it("holds a bomb's content back until it is asked for", async () => {
  const bomb = gzipSync(Buffer.alloc(256 << 20), { level: 9 });
  const before = process.memoryUsage();
  const stream = await openPlain([bomb]);
  let seen = 0;
  let most = 0;
  for await (const chunk of stream.chunks) {
    seen += chunk.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
    most = Math.max(most, process.memoryUsage().arrayBuffers - before.arrayBuffers);
    if (seen > 20 << 20) break;
  }
  expect(most).toBeLessThan(40 << 20);
});
