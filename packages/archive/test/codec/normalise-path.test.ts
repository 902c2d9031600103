import { expect, it } from "vitest";
import { longestName, normalisePath } from "../../src/codec/normalise-path.ts";

const CASES: [raw: string, path: string][] = [
  ["a", "a"],
  ["./a", "a"],
  ["/a", "a"],
  ["//./a", "a"],
  ["a/", "a"],
  ["a//", "a"],
  ["a/.", "a"],
  ["a/./", "a"],
  ["a//b", "a/b"],
  ["a/./b", "a/b"],
  ["a/.//./b//.", "a/b"],
  [".", ""],
  ["./", ""],
  ["/", ""],
  ["/./.", ""],
  ["", ""],
  ["..", ".."],
  ["./../a", "../a"],
  ["a/..", "a/.."],
  ["a/../b", "a/../b"],
  [".a/.b", ".a/.b"],
  ["...", "..."],
  ["a/...", "a/..."],
  ["a/.b/c.", "a/.b/c."],
];

it.each(CASES)("%j becomes %j", (raw, path) => {
  const padded = Buffer.from(`/.${raw}/.`, "latin1");
  expect(normalisePath(padded, 2, padded.length - 2).toString("latin1")).toBe(path);
});

it("keeps bytes that are not UTF-8", () => {
  const raw = Buffer.from([0x2f, 0xff, 0xfe, 0x2f, 0x2f, 0x80]);
  expect(normalisePath(raw, 0, raw.length)).toEqual(Buffer.from([0xff, 0xfe, 0x2f, 0x80]));
});

it("is a copy", () => {
  const raw = Buffer.from("name");
  const path = normalisePath(raw, 0, 4);
  raw.fill(0);
  expect(path.toString()).toBe("name");
});

it("knows the longest component", () => {
  expect(longestName(Buffer.from("ab/cdef/g"))).toBe(4);
  expect(longestName(Buffer.from("abcde"))).toBe(5);
  expect(longestName(Buffer.from("a/bcd"))).toBe(3);
  expect(longestName(Buffer.alloc(0))).toBe(0);
});
