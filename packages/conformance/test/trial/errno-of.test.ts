import { openSync } from "node:fs";
import { AT_FDCWD, openAt } from "@copyup/linux";
import { expect, test } from "vitest";
import { errno } from "../../src/trial/assertions.ts";
import { errnoOf } from "../../src/trial/errno-of.ts";

test("errors of node:fs and of our own system calls give the same name", () => {
  expect(errno(() => openSync("/nowhere/at/all", "r"))).toBe("ENOENT");
  expect(errno(() => openAt(AT_FDCWD, "/nowhere/at/all", 0))).toBe("ENOENT");
  expect(errno(() => 1)).toBeNull();
});

test("what node:fs could not name is read from its message", () => {
  const error = Object.assign(new Error(", Unknown error: Read-only file system '/x'"), { code: "", errno: -4094 });
  expect(errnoOf(error)).toBe("EROFS");
});

test("a fault of the check itself is no answer of the kernel", () => {
  expect(errnoOf(new TypeError("undefined is not a function"))).toBeNull();
  expect(() => errno(() => openSync(undefined as never, "r"))).toThrow(TypeError);
});
