import fc from "fast-check";
import { expect, it } from "vitest";
import { formatTime, parseDecimal, parseTime } from "../../src/codec/pax-numbers.ts";

const time = (text: string) => {
  const { sec, nsec } = parseTime(Buffer.from(`x${text}x`), 1, text.length + 1);
  return [sec, nsec];
};

it.each([
  ["0", 0, 0],
  ["1", 1, 0],
  ["1.", 1, 0],
  ["1.5", 1, 500_000_000],
  ["1700000000.123456789", 1_700_000_000, 123_456_789],
  ["1.000000001", 1, 1],
  ["1.0000000019999", 1, 1],
  ["-1", -1, 0],
  ["-0", 0, 0],
  ["-0.5", -1, 500_000_000],
  ["-1.5", -2, 500_000_000],
  ["-100.876543211", -101, 123_456_789],
  // Finer than a nanosecond: downwards, so before 1970 away from zero.
  ["-0.0000000001", -1, 999_999_999],
  ["-1.0000000001", -2, 999_999_999],
  ["-0.9999999999", -1, 0],
  ["-1.0000000000", -1, 0],
])("%s is %d s and %d ns", (text, sec, nsec) => expect(time(text)).toEqual([sec, nsec]));

it.each(["", "-", ".5", "1e9", "+1", " 1", "1.5.5", "--1", "0x10", "9007199254740993"])("%j is no time", (text) => {
  expect(() => time(text)).toThrow(/time is/);
});

it.each([
  [-1, 500_000_000, "-0.5"],
  [-2, 1, "-1.999999999"],
  [-1, 0, "-1"],
  [0, 1, "0.000000001"],
  [12, 340_000_000, "12.34"],
])("%d s and %d ns are written %s", (sec, nsec, text) => expect(formatTime(sec, nsec)).toBe(text));

it("reads back every time it writes", () => {
  const sec = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -(2 ** 40), max: 2 ** 40 }));
  const nsec = fc.oneof(fc.constantFrom(0, 1, 100_000_000, 999_999_999), fc.nat(999_999_999));
  fc.assert(
    fc.property(sec, nsec, (s, n) => {
      expect(time(formatTime(s, n))).toEqual([s, n]);
    }),
  );
});

it("takes decimals up to 2^53 and nothing else", () => {
  const parse = (text: string) => parseDecimal(Buffer.from(text), 0, text.length, "size");
  expect(parse("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  expect(parse("007")).toBe(7);
  for (const text of ["9007199254740992", "99999999999999999999999999", "", "-1", "+1", "1.0", "1 ", "1\n"]) {
    expect(() => parse(text), text).toThrow(/size is/);
  }
});
