import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, readFileSync, truncateSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { packLayer, type ViewParts } from "../../../src/tree/index.ts";
import { openBelow } from "../support/open-below.ts";
import { namesIn, pack } from "../support/pack.ts";
import { scratch } from "../support/scratch.ts";

const tree = (dir: string): ViewParts => [{ dir, dialect: "tree" }];

test("files around the size of a piece, their bytes and order", async () => {
  await using tmp = scratch();
  tmp.sh(`mkdir t; cd t; for n in 0 1 511 512 513 1047039 1047040 1047552 1048576 1048577 3000000; do
    head -c $n /dev/urandom > f$n; done`);
  const { bytes, digest } = await pack({ above: tree(tmp.at("t")), below: null });
  expect(digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
  tmp.sh("mkdir out");
  execFileSync("tar", ["-xf", "-", "-C", tmp.at("out")], { input: bytes });
  tmp.sh("diff -r t out");
});

test("who reads ahead gets every byte: pieces are not written to again", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir t; for i in $(seq 9); do head -c 1500000 /dev/urandom > t/$i; done");
  const packed = packLayer({ above: tree(tmp.at("t")), below: null });
  const slow = Readable.from(packed, { highWaterMark: 8 });
  await pipeline(slow, createWriteStream(tmp.at("tar")));
  expect(await packed.digest).toBe(
    `sha256:${createHash("sha256")
      .update(readFileSync(tmp.at("tar")))
      .digest("hex")}`,
  );
});

test("with reuse two pieces of memory do, and each is right while it is read", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir t; for i in $(seq 9); do head -c 1500000 /dev/urandom > t/$i; done");
  const hash = createHash("sha256");
  const memory = new Set<ArrayBufferLike>();
  for await (const piece of packLayer({ above: tree(tmp.at("t")), below: null }, { reuse: true })) {
    hash.update(piece);
    memory.add(piece.buffer);
  }
  const kept = await pack({ above: tree(tmp.at("t")), below: null });
  expect(`sha256:${hash.digest("hex")}`).toBe(kept.digest);
  expect(memory.size).toBe(2);
});

test("stopping early closes everything, and the digest says that there is none", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p t/d/e; for i in 1 2 3; do head -c 2000000 /dev/zero > t/d/e/$i; done");
  const packed = packLayer({ above: tree(tmp.at("t")), below: null });
  for await (const _ of packed) {
    expect(openBelow(tmp.at(""))).not.toEqual([]);
    break;
  }
  expect(openBelow(tmp.at(""))).toEqual([]);
  await expect(packed.digest).rejects.toThrow("not read to its end");
  expect(() => packed[Symbol.asyncIterator]()).toThrow(TypeError);
});

test("an abort is seen", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir t; head -c 300000000 /dev/zero > t/f");
  const stop = new AbortController();
  const packed = packLayer({ above: tree(tmp.at("t")), below: null }, { signal: stop.signal });
  const reading = (async () => {
    for await (const _ of packed) stop.abort(new Error("stop"));
  })();
  await expect(reading).rejects.toThrow("stop");
  await expect(packed.digest).rejects.toThrow("stop");
});

test("a file that shrinks while it is read is filled up with zeros and noted", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir t; head -c 3000000 /dev/zero | tr '\\0' x > t/f; echo after > t/g");
  const packed = packLayer({ above: tree(tmp.at("t")), below: null });
  const pieces: Buffer[] = [];
  for await (const piece of packed) {
    if (pieces.length === 0) truncateSync(tmp.at("t/f"), 1_500_000);
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  expect(packed.notes).toEqual([{ kind: "shrank", path: "f" }]);
  expect(namesIn(bytes)).toEqual(["./", "f", "g"]);
  const content = bytes.subarray(bytes.indexOf("xxxx"));
  expect(content.indexOf(0)).toBeGreaterThanOrEqual(1_000_000);
  expect(content.subarray(1_500_000, 3_000_000).every((byte) => byte === 0)).toBe(true);
});

test("a deep tree is refused by name, not by a stack overflow", async () => {
  await using tmp = scratch();
  tmp.sh(
    "mkdir t; d=$(printf 'd%.0s' $(seq 250)); cd t; for i in $(seq 30); do mkdir $d; cd -P $d 2> /dev/null || break; done; true",
  );
  await expect(pack({ above: tree(tmp.at("t")), below: null })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});
