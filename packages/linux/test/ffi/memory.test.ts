import { expect, it } from "vitest";
import { AT_FDCWD, cstring, cstringOfBytes, existsAt, pin } from "../../src/index.ts";

it("an argument with a NUL never reaches the kernel cut short", () => {
  expect(() => existsAt(AT_FDCWD, "/etc\0/nope")).toThrow("NUL");
  expect(() => cstring(Buffer.from([0x61, 0]))).toThrow("NUL");
  expect(() => cstringOfBytes("a\0b")).toThrow("NUL");
});

it("an argument is at most 16 KiB", () => {
  expect(() => cstring("x".repeat(16 * 1024))).toThrow("16385 bytes");
  expect(cstring("x".repeat(16 * 1024 - 1))).toBeGreaterThan(0);
});

it("some dozens of arguments stay good at once", () => {
  const addresses = Array.from({ length: 30 }, (_, i) => cstring(`${i}${"x".repeat(4000)}`));
  expect(new Set(addresses).size).toBe(30);
});

it("pinned memory stays where it is", () => {
  const pinned = pin(64);
  pinned.buffer.write("copyup");
  expect(pinned.ptr % 8).toBe(0);
  expect(pin(64).ptr).not.toBe(pinned.ptr);
});
