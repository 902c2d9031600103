import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { extractLayer } from "../../../src/tree/extract/index.ts";
import { writeArchive } from "../../codec/archives.ts";
import { ESCAPED_NAMES, GNU, inOrder, paxTree } from "../../codec/difficult-tree.ts";
import { makeTree } from "../../codec/make-tree.ts";
import { describeWithOracle, run } from "../../codec/oracle.ts";
import { oneView } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import { snapshot } from "./snapshot.ts";

const scratch = scratchOnExt4();
const EVERYTHING = inOrder([...paxTree({ negativeFraction: true }), ESCAPED_NAMES]);

function bySystemCalls(members: typeof EVERYTHING): string {
  const tree = mkdtempSync(`${scratch.path}/made-`);
  makeTree(tree, members);
  return tree;
}

/** A whole archive into a plain tree. */
async function extracted(source: Iterable<Uint8Array>) {
  const dir = mkdtempSync(`${scratch.path}/out-`);
  return { dir, ...(await extractLayer(source, { dir, dialect: "tree", below: null }, { compressedDigest: true })) };
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

test("all that a layer can hold is as if made by system calls, in every dialect", async () => {
  const expected = snapshot(bySystemCalls(EVERYTHING));
  expect(Object.keys(expected).length).toBeGreaterThan(60);
  expect(await oneView(scratch, writeArchive(EVERYTHING))).toEqual(expected);
});

test("gzip, zstd and plain give the same tree and the same diff id", async () => {
  const plain = writeArchive(EVERYTHING);
  const expected = snapshot((await extracted([plain])).dir);
  for (const archive of [plain, gzipSync(plain), zstdCompressSync(plain)]) {
    const result = await extracted([archive]);
    expect(result).toMatchObject({
      diffId: sha256(plain),
      compressedDigest: sha256(archive),
      entries: EVERYTHING.length,
    });
    expect(result.bytes).toBe(EVERYTHING.reduce((sum, { content }) => sum + content.length, 0));
    expect(result.losses).toEqual({ counts: {}, examples: {} });
    expect(snapshot(result.dir)).toEqual(expected);
  }
});

test.each([1, 7, 511, 513, 4096])(
  "a stream in pieces of %d bytes, garbage behind its end, is the same",
  async (size) => {
    const whole = writeArchive(EVERYTHING);
    function* pieces() {
      for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
      yield Buffer.from("garbage".repeat(200));
    }
    const expected = snapshot((await extracted([whole])).dir);
    expect(snapshot((await extracted(pieces())).dir)).toEqual(expected);
  },
);

describeWithOracle("tar", "archives of GNU tar", () => {
  test("posix, with xattrs and ACLs", async () => {
    const tree = bySystemCalls(EVERYTHING);
    const options = ["--format=posix", "--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner"];
    const archive = run("tar", [...options, "-C", tree, "-c", "."]);
    expect(await oneView(scratch, archive)).toEqual(snapshot(tree));
  });

  test.each(["gnu", "oldgnu"])("%s, with long names and large numbers", async (format) => {
    const members = GNU.filter(({ entry }) => !entry.path.includes("two blocks"));
    const tree = bySystemCalls(inOrder(members));
    const archive = run("tar", [`--format=${format}`, "--numeric-owner", "-C", tree, "-c", "."]);
    expect(await oneView(scratch, archive)).toEqual(snapshot(tree));
  });

  test("is extracted as GNU tar itself does", async () => {
    const archive = writeArchive(EVERYTHING);
    const dir = mkdtempSync(`${scratch.path}/gnu-`);
    const options = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "--same-owner", "-p"];
    run("tar", [...options, "-C", dir, "-x"], archive);
    const ours = snapshot((await extracted([archive])).dir);
    expect(ours).toEqual(snapshot(dir));
  });

  test.each([
    ["gnu", []],
    ["posix", ["--sparse-version=0.0"]],
    ["posix", ["--sparse-version=0.1"]],
    ["posix", ["--sparse-version=1.0"]],
  ])("sparse files stay sparse (%s %s)", async (format, version) => {
    const tree = scratch.directory("sparse");
    const fd = openSync(`${tree}/holes`, "w");
    writeSync(fd, "first", 1 << 20);
    writeSync(fd, "second", 5 << 20);
    ftruncateSync(fd, 9 << 20);
    closeSync(fd);
    const empty = openSync(`${tree}/only-hole`, "w");
    ftruncateSync(empty, 3 << 20);
    closeSync(empty);
    const options = [`--format=${format}`, ...version, "--sparse", "--hole-detection=seek"];
    const archive = run("tar", [...options, "-C", tree, "-c", "."]);
    expect(archive.length).toBeLessThan(1 << 17);
    const { dir } = await extracted([archive]);
    for (const name of ["holes", "only-hole"]) {
      expect(readFileSync(`${dir}/${name}`).equals(readFileSync(`${tree}/${name}`))).toBe(true);
      expect(statSync(`${dir}/${name}`).blocks).toBeLessThanOrEqual(statSync(`${tree}/${name}`).blocks);
    }
  });
});
