import type { Profile } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { compareTrees } from "../../src/tree/compare.ts";
import type { Tree, TreeEntry } from "../../src/tree/snapshot.ts";
import { declaredEverywhere, passesTime, type TimeDifference } from "../../src/trial/declared.ts";

const START = 1000n * 1_000_000_000n;

function profile(...claims: readonly (readonly [check: string, outcome: string])[]): Profile {
  return { driver: "x", deviations: claims.map(([check, outcome]) => ({ check, outcome, because: "" })) };
}

function entry(more: Partial<TreeEntry>): TreeEntry {
  const base = { type: "file", permissions: 0o644, uid: 0, gid: 0, device: "", size: 0, content: "", xattrs: [] };
  return { ...base, mtimeNs: 7n, inode: "1", nlink: 1, ...more } as TreeEntry;
}

/** What differs between two trees of one entry, for a driver that declares this. */
function differences(profile: Profile, a: Partial<TreeEntry>, b: Partial<TreeEntry>): string[] {
  const tree = (more: Partial<TreeEntry>): Tree => new Map([["d", entry(more)]]);
  const declared = declaredEverywhere(profile);
  const passes = (difference: TimeDifference) => passesTime(declared, START, difference);
  const times = { model: String, mount: String, passes };
  return compareTrees(tree(a), tree(b), { ignoreEmptyXattrs: declared.emptyXattrs }, times);
}

const nothing = profile();
const parentTimes = profile(["CU18", "parent-times"]);
const truncated = profile(["CU37", "times-truncated"]);
const leftEmpty = profile(["CU04", "left-empty"]);

describe("a difference that the driver declares", () => {
  const [old, now] = [
    { type: "directory", mtimeNs: 5n },
    { type: "directory", mtimeNs: START + 1n },
  ] as const;

  it("is none elsewhere: a directory's time made since the scenario began", () => {
    expect(differences(parentTimes, old, now)).toEqual([]);
    expect(differences(nothing, old, now)).toHaveLength(1);
    expect(differences(truncated, old, now)).toHaveLength(1);
  });

  it("hides no directory's time from before, and no file's", () => {
    expect(differences(parentTimes, old, { ...now, mtimeNs: START - 1n })).toHaveLength(1);
    expect(differences(parentTimes, { mtimeNs: 5n }, { mtimeNs: START + 1n })).toHaveLength(1);
  });

  it("a time without its nanoseconds, also before 1970, and no other second", () => {
    for (const [model, mount] of [
      [1_500_000_000n, 1_000_000_000n],
      [-500_000_000n, -1_000_000_000n],
      [3_000_000_000n, 3_000_000_000n],
    ] as const)
      expect(differences(truncated, { mtimeNs: model }, { mtimeNs: mount })).toEqual([]);
    expect(differences(truncated, { mtimeNs: 1_500_000_000n }, { mtimeNs: 2_000_000_000n })).toHaveLength(1);
    expect(differences(truncated, { mtimeNs: 1_500_000_000n }, { mtimeNs: 1_400_000_000n })).toHaveLength(1);
    expect(differences(nothing, { mtimeNs: 1_500_000_000n }, { mtimeNs: 1_000_000_000n })).toHaveLength(1);
  });

  it("an attribute of no bytes that the model has not, and no other", () => {
    expect(differences(leftEmpty, { xattrs: ["user.a=31"] }, { xattrs: ["user.a=31", "user.b="] })).toEqual([]);
    expect(differences(nothing, { xattrs: [] }, { xattrs: ["user.b="] })).toHaveLength(1);
    expect(differences(leftEmpty, { xattrs: [] }, { xattrs: ["user.b=31"] })).toHaveLength(1);
    expect(differences(leftEmpty, { xattrs: ["user.b="] }, { xattrs: [] })).toHaveLength(1);
    expect(differences(leftEmpty, { xattrs: ["user.a=31"] }, { xattrs: ["user.a="] })).toHaveLength(1);
  });
});
