import fc from "fast-check";
import { expect, it } from "vitest";
import {
  decodeLibarchiveName,
  decodeLibarchiveValue,
  decodeSchilyName,
  encodeSchilyName,
} from "../../src/codec/xattr-names.ts";

it.each([
  ["user.a=b", "user.a%3Db"],
  ["user.50%", "user.50%"],
  ["user.%3D", "user.%253D"],
  ["user.%25", "user.%2525"],
  ["user.%3d", "user.%3d"],
  ["user.%=", "user.%%3D"],
])("%s is written %s and read back", (name, key) => {
  expect(encodeSchilyName(name)).toBe(key);
  expect(decodeSchilyName(key)).toBe(name);
});

it("reads back every name it writes, and never writes an =", () => {
  const piece = fc.constantFrom("%", "=", "25", "3D", "3d", "a", "\xff", "\n");
  const name = fc.array(piece, { maxLength: 12 }).map((pieces) => `user.${pieces.join("")}`);
  fc.assert(
    fc.property(name, (text) => {
      expect(encodeSchilyName(text)).not.toContain("=");
      expect(decodeSchilyName(encodeSchilyName(text))).toBe(text);
    }),
  );
});

it("reads libarchive's URL-encoded names", () => {
  expect(decodeLibarchiveName("user.%C3%A9%20%3d%zz%")).toBe("user.\xc3\xa9 =%zz%");
});

it("reads libarchive's base64, with and without filling, and no other text", () => {
  expect(decodeLibarchiveValue("AP89Cg")).toEqual(Buffer.from([0, 255, 61, 10]));
  expect(decodeLibarchiveValue("AP89Cg==")).toEqual(Buffer.from([0, 255, 61, 10]));
  expect(decodeLibarchiveValue("")).toEqual(Buffer.alloc(0));
  for (const bad of ["A", "AB*D", "AB\nD", "A=BC", "===="])
    expect(() => decodeLibarchiveValue(bad), bad).toThrow(/base64/);
});
