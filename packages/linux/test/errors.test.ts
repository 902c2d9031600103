import { StorageError } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { check, displayPath, errnoName, isSystemError, SystemError, storageErrorFrom } from "../src/index.ts";

describe("a system call's error", () => {
  it("names call, path and errno", () => {
    expect(new SystemError("mkdirat", 17, "/a").message).toBe("mkdirat /a: EEXIST");
    expect(new SystemError("fsconfig CREATE", 22, undefined, "overlay: no").message).toBe(
      "fsconfig CREATE: overlay: no (EINVAL)",
    );
  });

  it.each([
    [11, "EAGAIN"],
    [61, "ENODATA"],
    [95, "EOPNOTSUPP"],
    [116, "ESTALE"],
    [122, "EDQUOT"],
    [4095, "E4095"],
  ])("%i is %s", (errno, name) => {
    expect(errnoName(errno)).toBe(name);
  });

  it("is thrown for a negative result only", () => {
    expect(check(3, "open")).toBe(3);
    expect(() => check(-2, "open", "/x")).toThrow("open /x: ENOENT");
  });

  it.each([
    [28, "NO_SPACE"],
    [122, "NO_SPACE"],
    [30, "READ_ONLY"],
    [13, "NEEDS_PRIVILEGE"],
    [5, "IO"],
  ])("%i becomes %s", (errno, code) => {
    const error = storageErrorFrom(new SystemError("write", errno, "/f"), "apply", { layer: "l" });
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code, op: "apply", layer: "l", path: "/f", syscall: "write" });
  });

  it("of another copy of this package is one too", async () => {
    const second = "../src/errors.ts?second";
    const other = (await import(second)) as typeof import("../src/errors.ts");
    const error = new other.SystemError("write", 28, "/f");
    expect(error).not.toBeInstanceOf(SystemError);
    expect([isSystemError(error, 28), isSystemError(error, 5), isSystemError({ ...error })]).toEqual([
      true,
      false,
      false,
    ]);
    expect(storageErrorFrom(error, "apply")).toMatchObject({ code: "NO_SPACE", errno: "ENOSPC" });
  });

  it("leaves other errors alone", () => {
    const bug = new TypeError();
    expect(storageErrorFrom(bug, "apply")).toBe(bug);
    expect(isSystemError(bug)).toBe(false);
  });
});

describe("a path for people", () => {
  it.each([
    ["/é", "/é"],
    [Buffer.from("/é"), "/é"],
    [Buffer.from([0x2f, 0xff, 0x5c]), "/\\xff\\x5c"],
    [Buffer.from("a\nb"), "a\\x0ab"],
  ])("%j is shown as %j", (path, shown) => {
    expect(displayPath(path)).toBe(shown);
  });
});
