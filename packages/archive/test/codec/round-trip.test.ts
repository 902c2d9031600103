import { isStorageError } from "@copyup/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { member } from "./arbitrary-entry.ts";
import { readArchive, writeArchive } from "./archives.ts";

it("reads back what it wrote, wherever the stream is cut", () => {
  const cuts = fc.array(fc.nat(40_000), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(member, { maxLength: 8 }), cuts, (members, at) => {
      const archive = writeArchive(members);
      const inside = at.filter((cut) => cut < archive.length);
      expect(readArchive(archive, { cuts: inside })).toEqual(members);
    }),
    { numRuns: 300 },
  );
});

it("reads back an entry byte by byte", () => {
  fc.assert(
    fc.property(member, (one) => {
      const archive = writeArchive([one]);
      const cuts = Array.from({ length: archive.length }, (_, i) => i);
      expect(readArchive(archive, { cuts })).toEqual([one]);
    }),
    { numRuns: 30 },
  );
});

it("refuses a damaged archive or reads it, and does nothing else", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
  let refused = 0;
  fc.assert(
    fc.property(fc.array(member, { minLength: 1, maxLength: 4 }), damage, fc.boolean(), (members, edits, mend) => {
      const archive = writeArchive(members);
      for (const [at, byte] of edits) archive[at % archive.length] = byte;
      if (mend) mendChecksums(archive);
      try {
        readArchive(archive, { sparse: true, cuts: [700, 1300] });
      } catch (error) {
        refused++;
        if (!isStorageError(error, "BAD_ARCHIVE") && !isStorageError(error, "LIMIT_EXCEEDED")) throw error;
      }
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
      try {
        readArchive(archive, { sparse: true });
      } catch (error) {
        if (!isStorageError(error, "BAD_ARCHIVE") && !isStorageError(error, "LIMIT_EXCEEDED")) throw error;
      }
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
