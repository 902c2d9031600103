import { checkLayerId, ERROR_CODES, isLayerId, isStorageError, StorageError } from "@copyup/core";
import { expect, test } from "vitest";

test("an error is a record", () => {
  const error = new StorageError({ code: "NO_SPACE", op: "apply", message: "full", path: "a/b", errno: "ENOSPC" });
  expect(isStorageError(error, "NO_SPACE")).toBe(true);
  expect(isStorageError(error, "IO")).toBe(false);
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: "NO_SPACE",
    op: "apply",
    message: "full",
    path: "a/b",
    errno: "ENOSPC",
  });
});

test("the error of another copy of this package is one too", async () => {
  const second = "../src/errors.ts?second";
  const other = (await import(second)) as typeof import("@copyup/core");
  const error = new other.StorageError({ code: "IO", op: "read", message: "gone" });
  expect(error).not.toBeInstanceOf(StorageError);
  expect([isStorageError(error), isStorageError(error, "IO"), isStorageError(error, "EXISTS")]).toEqual([
    true,
    true,
    false,
  ]);
  for (const no of [null, undefined, "IO", { ...error }, new Error("IO")]) expect(isStorageError(no)).toBe(false);
});

test("every code is explained in a sentence", () => {
  for (const [code, meaning] of Object.entries(ERROR_CODES)) expect(meaning, code).toMatch(/^[A-Z].{12,}\.$/);
});

test.each(["", ".", "..", "a/b", "a b", ".wh.x", "-a", "é", "a\0", "x".repeat(65), 7, null])(
  "%j is no layer id",
  (id) => {
    expect(isLayerId(id)).toBe(false);
    expect(() => checkLayerId(id, "get")).toThrow(/is not a layer id/);
  },
);

test.each(["a", "0", "A-b_c", "f".repeat(64)])("%s is one", (id) => expect(isLayerId(id)).toBe(true));
