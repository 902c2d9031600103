import { chmodSync, lstatSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  AT_FDCWD,
  copyDirectoryAttributes,
  describeDirectory,
  getXattr,
  listXattrs,
  O_RDONLY,
  openAt,
  openDirectoryAt,
  removeXattr,
  setXattr,
  withFd,
  XATTR_CREATE,
  XATTR_REPLACE,
} from "../../src/index.ts";
import { freshDirectory } from "../fresh-directory.ts";

const fresh = freshDirectory();

describe("xattrs", () => {
  it("hold any bytes, by path and by descriptor", ({ skip }) => {
    if (!describeDirectory(fresh.path).xattrs.user) skip("no user xattrs here");
    const file = `${fresh.path}/f`;
    writeFileSync(file, "");
    const value = Buffer.from([0, 255, 10, 61]);
    setXattr(file, "user.binary", value);
    setXattr(file, "user.empty", "");
    setXattr(file, "user.é", "x");
    expect(listXattrs(file).map((name) => Buffer.from(name, "latin1").toString())).toEqual([
      "user.binary",
      "user.empty",
      "user.é",
    ]);
    expect([getXattr(file, "user.binary"), getXattr(file, "user.empty"), getXattr(file, "user.none")]).toEqual([
      value,
      Buffer.alloc(0),
      null,
    ]);
    withFd(openAt(AT_FDCWD, file, O_RDONLY), (fd) => {
      expect(getXattr(fd, "user.binary")).toEqual(value);
      expect(() => setXattr(fd, "user.binary", "y", XATTR_CREATE)).toThrow("EEXIST");
      expect(() => setXattr(fd, "user.none", "y", XATTR_REPLACE)).toThrow("ENODATA");
    });
    expect([removeXattr(file, "user.empty"), removeXattr(file, "user.empty")]).toEqual([true, false]);
  });

  it("are read whole where there is more of them than usual", ({ skip }) => {
    if (!describeDirectory(fresh.path).xattrs.user) skip("no user xattrs here");
    const file = `${fresh.path}/large`;
    writeFileSync(file, "");
    const names = ["a", "b", "c", "d", "e", "f"].map((letter) => `user.${letter.repeat(240)}`);
    for (const name of names) setXattr(file, name, "");
    const value = Buffer.alloc(1500, "value ");
    setXattr(file, names[3]!, value);
    expect(listXattrs(file)).toEqual(names);
    expect(getXattr(file, names[3]!)).toEqual(value);
    withFd(openAt(AT_FDCWD, file, O_RDONLY), (fd) => {
      expect(listXattrs(fd)).toEqual(names);
      expect(getXattr(fd, names[3]!)).toEqual(value);
    });
  });
});

describe("copyDirectoryAttributes", () => {
  it("gives mode, time and the xattrs asked for, and takes the others", ({ skip }) => {
    if (!describeDirectory(fresh.path).xattrs.user) skip("no user xattrs here");
    const [from, to] = [`${fresh.path}/from`, `${fresh.path}/to`];
    for (const path of [from, to]) mkdirSync(path);
    for (const name of ["user.a", "user.left"]) setXattr(from, name, "1");
    for (const name of ["user.a", "user.gone", "user.left-too"]) setXattr(to, name, "2");
    chmodSync(from, 0o2751);
    utimesSync(from, 3, 1234.5);
    const mine = (name: string) => !name.startsWith("user.left");
    withFd(openDirectoryAt(AT_FDCWD, from), (a) =>
      withFd(openDirectoryAt(AT_FDCWD, to), (b) => copyDirectoryAttributes(a, b, mine)),
    );
    const stat = lstatSync(to);
    expect([stat.mode & 0o7777, stat.mtimeMs]).toEqual([lstatSync(from).mode & 0o7777, 1_234_500]);
    expect(listXattrs(to)).toEqual(["user.a", "user.left-too"]);
    expect(getXattr(to, "user.a")?.toString()).toBe("1");
  });
});
