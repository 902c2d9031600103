import { describe, expect, it } from "vitest";
import { mapWith, parseIdMap, renderIdMap, subordinateIds } from "../../src/user-namespace/id-maps.ts";

const user = { name: "ann", uid: 1000 };

describe("subordinate ids", () => {
  it("are the lines of the user's name or id, in order", () => {
    const text = "bob:100000:65536\nann:165536:65536\n1000:300000:10\n10001:1:1\n";
    expect(subordinateIds(text, user)).toEqual([
      [165536, 65536],
      [300000, 10],
    ]);
  });

  it.each([
    ["a comment", "#ann:1:2"],
    ["a line cut off", "ann:100000"],
    ["words for numbers", "ann:0x10:1"],
    ["an empty range", "ann:100000:0"],
    ["more ids than there are", "ann:4294967290:65536"],
    ["another's name that begins alike", "anna:100000:65536"],
  ])("pass over %s", (_, line) => {
    expect(subordinateIds(`${line}\n`, user)).toEqual([]);
  });

  it("need no name", () => {
    expect(subordinateIds("1000:5:6", { name: null, uid: 1000 })).toEqual([[5, 6]]);
    expect(subordinateIds("null:5:6", { name: null, uid: 1000 })).toEqual([]);
  });
});

describe("a map", () => {
  it("is one's own id and then the ranges, without a gap", () => {
    expect(
      mapWith(1000, [
        [100000, 65536],
        [300000, 10],
      ]),
    ).toEqual([
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 100000, count: 65536 },
      { inside: 65537, outside: 300000, count: 10 },
    ]);
  });

  it("has no more lines than the kernel takes", () => {
    expect(
      mapWith(
        1,
        Array.from({ length: 500 }, (_, i) => [i * 10 + 10, 10] as const),
      ),
    ).toHaveLength(340);
  });

  it("is read as it is written", () => {
    const map = mapWith(1000, [[100000, 65536]]);
    expect(parseIdMap(renderIdMap(map))).toEqual(map);
    expect(parseIdMap("         0       1000          1\n")).toEqual([{ inside: 0, outside: 1000, count: 1 }]);
  });
});
