import { expect, it } from "vitest";
import { octalLimit, readNumber, writeOctal } from "../../src/codec/number-fields.ts";

const read = (text: string) => readNumber(Buffer.from(text, "latin1"), 0, text.length);

it.each([
  ["0000644\0", 0o644],
  ["000644 \0", 0o644],
  ["   644 \0", 0o644],
  ["\0\0\0\0\0\0\0\0", 0],
  ["        ", 0],
  ["77777777", 0o77777777],
  ["1\0garbage", 1],
  ["777777777777", 0o777777777777],
])("octal %j is %d", (text, value) => expect(read(text)).toBe(value));

it.each(["0000648\0", "-0000001", "0x1f\0\0\0\0", "12a\0\0\0\0\0", "+1\0\0\0\0\0\0"])("%j is not a number", (text) => {
  expect(read(text)).toBeNaN();
});

it.each([
  ["\x80\0\0\0\0\0\0\x01", 1],
  ["\x80\0\0\0\xee\x6b\x28\0", 4_000_000_000],
  ["\xff\xff\xff\xff\xff\xff\xff\xff", -1],
  ["\xff\xff\xff\xff\xff\xff\xff\x9c", -100],
  ["\x80\0\0\0\0\x20\0\0\0\0\0\0", 2 ** 53],
])("base-256 %j is %d", (text, value) => expect(read(text)).toBe(value));

it("says of huge base-256 numbers that they are no safe integers", () => {
  expect(Number.isSafeInteger(read("\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"))).toBe(false);
  expect(Number.isSafeInteger(read("\x80\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))).toBe(false);
});

it.each([0, 1, 7, 8, 0o7777777, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 5, 8 ** 11 - 1])(
  "writes %d and reads it back",
  (value) => {
    const out = Buffer.alloc(14, 0xff);
    writeOctal(out, 1, 12, value);
    expect(out.toString("latin1", 1, 13)).toBe(`${value.toString(8).padStart(11, "0")}\0`);
    expect([out[0], out[13]]).toEqual([0xff, 0xff]);
    expect(readNumber(out, 1, 12)).toBe(value);
  },
);

it("knows the limits of the fields", () => {
  expect(octalLimit(8)).toBe(2_097_151);
  expect(octalLimit(12)).toBe(8_589_934_591);
});
