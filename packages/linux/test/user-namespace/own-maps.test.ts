import { describe, expect, it } from "vitest";
import { mapWith } from "../../src/user-namespace/id-maps.ts";
import { coversIdsUpTo, ownIdMaps, seesSameIds } from "../../src/user-namespace/own-maps.ts";

const both = (map: ReturnType<typeof mapWith>) => ({ uids: map, gids: map });
const oneId = both(mapWith(1000, []));
const ranges = both(mapWith(1000, [[100_000, 65_536]]));
const otherRanges = both(mapWith(1000, [[200_000, 65_536]]));
const rootsOneId = both(mapWith(0, []));

describe("the same ids are seen", () => {
  it.each([
    ["on the host, of the host", null, null, true],
    ["with one id, of the same one", oneId, oneId, true],
    ["with ranges, of the one id", ranges, oneId, true],
    ["with one id, of ranges", oneId, ranges, false],
    ["with other ranges", otherRanges, ranges, false],
    ["on the host, of somebody's one id", null, oneId, false],
    ["on the host, of a namespace that maps root to root", null, rootsOneId, true],
    ["in a namespace, of the host", rootsOneId, null, false],
  ])("%s: %s", (_, here, there, same) => {
    expect(seesSameIds(here, there)).toBe(same);
  });

  it("asks for the groups, too", () => {
    expect(seesSameIds({ uids: ranges.uids, gids: oneId.gids }, ranges)).toBe(false);
  });
});

it.each([
  [oneId.uids, false],
  [ranges.uids, true],
  [mapWith(1000, [[1, 65_533]]), false],
  [mapWith(1000, [[1, 65_534]]), true],
  [[{ inside: 1, outside: 1, count: 100_000 }], false],
])("%j covers the ids up to 65534: %s", (map, expected) => {
  expect(coversIdsUpTo(65_534, map)).toBe(expected);
});

it("there are no maps in the initial namespace", () => {
  expect(ownIdMaps(false)).toBe(null);
  expect(ownIdMaps(true)?.uids.length).toBeGreaterThan(0);
});
