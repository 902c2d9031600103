import { describe, expect, test } from "vitest";
import { allChecks, familyOf, uncheckedRows } from "../src/index.ts";

/** The last row of each family of the catalogue; a later one is added here together with its check. */
const LAST: Readonly<Record<string, number>> = {
  CU: 49,
  WH: 35,
  ME: 15,
  UM: 28,
  LA: 30,
  DA: 20,
  MT: 17,
  SE: 10,
  FA: 15,
};

const ids = [...allChecks, ...uncheckedRows].map(({ id }) => id);

describe.each(Object.entries(LAST))("the rows of %s", (family, last) => {
  test(`are numbered from 01 to ${last}, each a check or a reason why there is none`, () => {
    const expected = Array.from({ length: last }, (_, row) => `${family}${String(row + 1).padStart(2, "0")}`);
    expect(ids.filter((id) => familyOf(id) === family).sort()).toEqual(expected);
  });
});

test("no row is two things", () => {
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test("every check says where its rule comes from, and every row without one why", () => {
  for (const { id, cites } of allChecks) expect(cites.join(""), id).toMatch(/.{5}/);
  for (const { id, title, why } of uncheckedRows) {
    expect(title, id).toMatch(/.{10}/);
    expect(why, id).toMatch(/needs .{10}/);
  }
});
