import { isStorageError } from "@copyup/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { member } from "./arbitrary-entry.ts";
import { blocks, END, paxHeader, rawHeader, readArchive, writeArchive } from "./archives.ts";

/** Everything the reader understands and our writer does not write. */
const EXOTIC = Buffer.concat([
  paxHeader({ uid: "1", "SCHILY.xattr.user.g": "1", comment: "c" }, "g"),
  rawHeader("././@LongLink", "L", 8),
  blocks("long/na\0"),
  rawHeader("././@LongLink", "K", 5),
  blocks("link\0"),
  rawHeader("l", "2", 0, (block) => block.write("x", 157)),
  paxHeader({
    "SCHILY.acl.access": "user::rw-,user:0:r--,group::r--,mask::rw-,other::---",
    "LIBARCHIVE.xattr.user.%41": "QUJD",
  }),
  rawHeader("f", "0", 5, (block) => block.write("ustar  \0", 257)),
  blocks("hello"),
  rawHeader("s", "S", 4, (block) => {
    block.write("00000000002\x0000000000004\x0000000000010\x0000000000000\0", 386, "latin1");
    block.write("00000000010\0", 483, "latin1");
  }),
  blocks("data"),
  paxHeader({ "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9", "GNU.sparse.name": "n" }),
  rawHeader("p", "0", 516),
  blocks("1\n5\n4\n"),
  blocks("data"),
  paxHeader({ "GNU.sparse.size": "9", "GNU.sparse.map": "1,2,5,2" }),
  rawHeader("q", "0", 4),
  blocks("data"),
  rawHeader("d", "D", 3),
  blocks("xyz"),
  rawHeader("label", "V"),
  rawHeader("c", "3", 0, (block) => block.write("0000005\x000000001\0", 329, "latin1")),
  rawHeader("v7/", "\0", 0, (block) => block.fill(0, 257, 265)),
  END,
]);

const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });

/** Whether it was refused; throws for any error but the two. */
function isRefused(archive: Buffer, cuts: readonly number[]): boolean {
  try {
    readArchive(archive, { sparse: true, cuts, limits: { maxContentBytes: 1 << 20 } });
    return false;
  } catch (error) {
    if (isStorageError(error, "BAD_ARCHIVE") || isStorageError(error, "LIMIT_EXCEEDED")) return true;
    throw error;
  }
}

it("reads the exotic archive as it is", () => {
  const paths = readArchive(EXOTIC, { sparse: true }).map(
    ({ entry, content }) => `${entry.path} ${content.toString("hex")}`,
  );
  expect(paths).toEqual([
    "long/na ",
    "f 68656c6c6f",
    "s 0000646174610000",
    "n 000000000064617461",
    "q 006461000074610000",
    "d ",
    "c ",
    "v7 ",
  ]);
});

it("refuses a damaged exotic archive or reads it, and does nothing else", () => {
  let refused = 0;
  fc.assert(
    fc.property(damage, fc.boolean(), fc.nat(EXOTIC.length), (edits, mend, cut) => {
      const archive = Buffer.from(EXOTIC);
      for (const [at, byte] of edits) archive[at % archive.length] = byte;
      if (mend) mendChecksums(archive);
      if (isRefused(archive, [cut])) refused++;
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(500);
});

it("refuses a damaged archive or reads it, and does nothing else", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.array(member, { minLength: 1, maxLength: 4 }), damage, fc.boolean(), (members, edits, mend) => {
      const archive = writeArchive(members);
      for (const [at, byte] of edits) archive[at % archive.length] = byte;
      if (mend) mendChecksums(archive);
      if (isRefused(archive, [700, 1300])) refused++;
    }),
    { numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(100);
});

it("does so with garbage in every field of a good header", () => {
  const tricky = fc.constantFrom(0, 0x20, 0x2e, 0x2f, 0x30, 0x37, 0x39, 0x53, 0x78, 0x67, 0x4c, 0x44, 0x80, 0xff);
  const block = fc.array(tricky, { minLength: 512, maxLength: 512 }).map((values) => Buffer.from(values));
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), fc.nat(3), (garbage, ustar) => {
      const archive = Buffer.concat(garbage);
      for (let at = 0; at < archive.length; at += 512) {
        if (ustar > 0) archive.write(ustar === 1 ? "ustar\x0000" : "ustar  \0", at + 257, "latin1");
        if (ustar === 3) archive.write("00000001000\0", at + 124, "latin1");
      }
      mendChecksums(archive);
      isRefused(archive, []);
    }),
    { numRuns: 1000 },
  );
});

/** So that damage is not always found by the sum. */
function mendChecksums(archive: Buffer): void {
  for (let at = 0; at + 512 <= archive.length; at += 512) {
    const block = archive.subarray(at, at + 512);
    if (block.toString("latin1", 257, 262) !== "ustar") continue;
    block.fill(0x20, 148, 156);
    const total = block.reduce((a, b) => a + b, 0);
    block.write(`${total.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  }
}
