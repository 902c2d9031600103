import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Stat } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { OpenGroups } from "../../../src/tree/links/index.ts";
import { TextHeap } from "../../../src/tree/links/text-heap.ts";

function named(inoLow: number, nlink: number) {
  return { part: 0, stat: Object.assign(new Stat(), { inoLow, nlink }) };
}

describe("OpenGroups", () => {
  it("knows a group until as many names as it has were met", () => {
    const groups = new OpenGroups();
    groups.begin(named(1, 3), "d/\u00ff first");
    for (const _ of ["second", "third"]) {
      const group = groups.find(named(1, 3));
      expect(groups.path(group)).toBe("d/\u00ff first");
      groups.pass(group);
    }
    expect(groups.find(named(1, 3))).toBe(-1);
  });

  it("knows nothing of a group that was ended, and begins it anew", () => {
    const groups = new OpenGroups();
    groups.begin(named(1, 2), "a");
    groups.end(groups.find(named(1, 2)));
    expect(groups.find(named(1, 2))).toBe(-1);
    groups.begin(named(1, 2), "b");
    expect(groups.path(groups.find(named(1, 2)))).toBe("b");
  });

  it("takes at most 200 bytes for each of 300,000 open groups with paths of 40 bytes, and gives the paths' room back", () => {
    const groups = new OpenGroups();
    const count = 300_000;
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const weight = () => {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const { stat } = named(0, 2);
    const before = weight();
    for (let i = 0; i < count; i++) {
      stat.inoLow = i;
      groups.begin({ part: 0, stat }, `some/directory/file-${String(i).padStart(20, "0")}`);
    }
    expect((weight() - before) / count).toBeLessThan(200);
    for (let i = 0; i < count; i++) {
      stat.inoLow = i;
      groups.end(groups.find({ part: 0, stat }));
    }
    expect((weight() - before) / count).toBeLessThan(110);
  });
});

describe("TextHeap", () => {
  it("keeps texts apart while others are freed, and refuses what no page holds", () => {
    const heap = new TextHeap();
    const kept = new Map<number, string>();
    for (let i = 0; i < 5000; i++) {
      const text = `${i}:${"\u00e9".repeat(i % 97)}`;
      const at = heap.put(text);
      if (i % 3 === 0) kept.set(at, text);
      else heap.free(at);
    }
    for (const [at, text] of kept) expect(heap.get(at)).toBe(text);
    expect(() => heap.put("x".repeat(65_535))).toThrow(RangeError);
    expect(heap.get(heap.put("x".repeat(65_534)))).toHaveLength(65_534);
  });
});
