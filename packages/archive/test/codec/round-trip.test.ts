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
