import { Stat } from "@copyup/linux";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InodeMap, InodeTable, NO_INODE } from "../../../src/tree/links/index.ts";

function inode(inoLow: number, { part = 0, devMajor = 8, devMinor = 1, inoHigh = 0 } = {}) {
  return { part, stat: Object.assign(new Stat(), { inoLow, inoHigh, devMajor, devMinor }) };
}

describe("InodeTable", () => {
  it("tells inodes apart by part, device and all 64 bits of the number", () => {
    const table = new InodeTable();
    const all = [
      inode(7),
      inode(8),
      inode(7, { part: 1 }),
      inode(7, { devMajor: 9 }),
      inode(7, { devMinor: 0xfffff }),
      inode(7, { inoHigh: 0xffff_ffff }),
      inode(0xffff_ffff),
    ];
    expect(new Set(all.map((one) => table.add(one))).size).toBe(all.length);
    expect(all.map((one) => table.find(one))).toEqual(all.map((one) => table.add(one)));
    expect(table.find(inode(9))).toBe(-1);
  });

  it("has after any additions and removals what a map has, and gives no id twice at a time", () => {
    const step = fc.record({ add: fc.boolean(), number: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2000, size: "max" }), (steps) => {
        const table = new InodeTable();
        const model = new Map<number, number>();
        for (const { add, number } of steps) {
          const known = model.get(number);
          expect(table.find(inode(number))).toBe(known ?? -1);
          if (add) {
            const id = table.add(inode(number));
            if (known === undefined) expect([...model.values()]).not.toContain(id);
            else expect(id).toBe(known);
            model.set(number, id);
          } else if (known !== undefined) {
            table.remove(known);
            model.delete(number);
          }
        }
        for (const [number, id] of model) expect(table.find(inode(number))).toBe(id);
      }),
      { numRuns: 30 },
    );
  });
});

describe("InodeMap", () => {
  it("gives what was set, one number for one inode, and undefined for an inode it does not know", () => {
    const map = new InodeMap();
    map.set(inode(1), map.number(inode(5, { part: 1 })));
    map.set(inode(2), map.number(null));
    expect(map.get(inode(1))).toBe(map.number(inode(5, { part: 1 })));
    expect(map.get(inode(1))).not.toBe(map.number(inode(5)));
    expect(map.get(inode(2))).toBe(NO_INODE);
    expect(map.get(inode(3))).toBeUndefined();
  });
});
