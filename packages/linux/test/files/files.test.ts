import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  AT_FDCWD,
  existsAt,
  linkAt,
  listDirectory,
  lstatAt,
  makeDev,
  mkdirAt,
  namesOf,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_WRONLY,
  openAt,
  openAt2,
  openDirectoryAt,
  RENAME_NOREPLACE,
  RESOLVE_BENEATH,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_SYMLINKS,
  readlinkAt,
  readWholeFile,
  renameAt,
  reopenFd,
  rmdirAt,
  Stat,
  SystemError,
  setMtimeAt,
  symlinkAt,
  tryLstatAt,
  unlinkAt,
  withFd,
  writeFd,
} from "../../src/index.ts";
import { freshDirectory } from "../fresh-directory.ts";

const fresh = freshDirectory();
const inFresh = <T>(use: (dir: number) => T): T => withFd(openDirectoryAt(AT_FDCWD, fresh.path), use);

function errno(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof SystemError) return error.code;
    throw error;
  }
}

describe("files", () => {
  it("are written and read whole, also beyond one buffer", () => {
    const content = Buffer.alloc(200_000, "copyup ");
    inFresh((dir) => withFd(openAt(dir, "f", O_WRONLY | O_CREAT | O_EXCL, 0o600), (fd) => writeFd(fd, content)));
    expect(readWholeFile(AT_FDCWD, `${fresh.path}/f`)).toEqual(content);
    expect(() => readWholeFile(AT_FDCWD, `${fresh.path}/f`, 1000)).toThrow("more than 1000 bytes");
    expect(errno(() => openAt(AT_FDCWD, `${fresh.path}/f`, O_WRONLY | O_CREAT | O_EXCL))).toBe("EEXIST");
  });

  it("have names of any bytes, listed in byte order", () => {
    const names = [[0xff, 0xfe], [0x80], [0x2d, 0x72, 0x66], [0x0a], [0xc3, 0xa9], [0x41], [0x61]].map((bytes) =>
      Buffer.from(bytes),
    );
    const listed = inFresh((dir) => {
      for (const name of names) mkdirAt(dir, name);
      return withFd(openDirectoryAt(dir, "."), (fd) => namesOf(fd));
    });
    expect(listed).toEqual(names.toSorted(Buffer.compare).map((name) => name.toString("latin1")));
  });

  it("are listed to the last, in more than one buffer", () => {
    for (let i = 0; i < 600; i++) closeSync(openSync(`${fresh.path}/${"n".repeat(200)}${i}`, "w"));
    expect(listDirectory(fresh.path)).toHaveLength(600);
  });

  it("are linked, renamed, removed", () => {
    inFresh((dir) => {
      symlinkAt("text é", dir, "link");
      expect(readlinkAt(dir, "link").toString()).toBe("text é");
      linkAt(dir, "link", dir, "again");
      expect(lstatAt(dir, "again").nlink).toBe(2);
      expect(errno(() => renameAt(dir, "link", dir, "again", RENAME_NOREPLACE))).toBe("EEXIST");
      renameAt(dir, "link", dir, "other");
      mkdirAt(dir, "d");
      expect([existsAt(dir, "link"), existsAt(dir, "other"), errno(() => rmdirAt(dir, "other"))]).toEqual([
        false,
        true,
        "ENOTDIR",
      ]);
      for (const name of ["other", "again"]) unlinkAt(dir, name);
      rmdirAt(dir, "d");
    });
    expect(listDirectory(fresh.path)).toEqual([]);
  });

  it("are opened anew from a descriptor", () => {
    writeFileSync(`${fresh.path}/f`, "x");
    withFd(openAt(AT_FDCWD, `${fresh.path}/f`, O_RDONLY), (fd) =>
      withFd(reopenFd(fd, O_WRONLY), (again) => writeFd(again, Buffer.from("y"))),
    );
    expect(readFileSync(`${fresh.path}/f`, "utf8")).toBe("y");
  });
});

describe("openat2", () => {
  it("keeps inside, by refusing or by resolving from the root given", () => {
    mkdirSync(`${fresh.path}/root`);
    writeFileSync(`${fresh.path}/root/f`, "inside");
    writeFileSync(`${fresh.path}/f`, "outside");
    symlinkSync("/f", `${fresh.path}/root/absolute`);
    withFd(openDirectoryAt(AT_FDCWD, `${fresh.path}/root`), (root) => {
      const text = (path: string, resolve: number) =>
        withFd(openAt2(root, path, O_RDONLY, resolve), (fd) => readFileSync(`/proc/self/fd/${fd}`, "utf8"));
      expect(errno(() => text("../f", RESOLVE_BENEATH))).toBe("EXDEV");
      expect(errno(() => text("absolute", RESOLVE_BENEATH))).toBe("EXDEV");
      expect(errno(() => text("absolute", RESOLVE_NO_SYMLINKS))).toBe("ELOOP");
      expect(text("absolute", RESOLVE_IN_ROOT)).toBe("inside");
      expect(text("../../f", RESOLVE_IN_ROOT)).toBe("inside");
    });
  });
});

describe("statx", () => {
  it("agrees with node's lstat", () => {
    writeFileSync(`${fresh.path}/f`, "content", { mode: 0o640 });
    const [ours, theirs] = [lstatAt(AT_FDCWD, `${fresh.path}/f`), lstatSync(`${fresh.path}/f`, { bigint: true })];
    expect([ours.mode, ours.uid, ours.gid, ours.nlink, ours.size, ours.ino, ours.blocks].map(BigInt)).toEqual([
      theirs.mode,
      theirs.uid,
      theirs.gid,
      theirs.nlink,
      theirs.size,
      theirs.ino,
      theirs.blocks,
    ]);
    expect([ours.mtimeNs, ours.ctimeNs, ours.atimeNs]).toEqual([theirs.mtimeNs, theirs.ctimeNs, theirs.atimeNs]);
    expect([ours.type, ours.permissions]).toEqual(["file", 0o640]);
    expect(BigInt(makeDev(ours.devMajor, ours.devMinor))).toBe(theirs.dev);
  });

  it.each([
    [-1, 999_999_999],
    [-3600, 1],
    [0, 0],
    [4_294_967_296, 123_456_789],
  ])("keeps the time %i s %i ns", (seconds, nanoseconds) => {
    writeFileSync(`${fresh.path}/f`, "");
    setMtimeAt(AT_FDCWD, `${fresh.path}/f`, seconds, nanoseconds);
    const stat = lstatAt(AT_FDCWD, `${fresh.path}/f`, new Stat());
    expect([stat.mtimeSec, stat.mtimeNsec]).toEqual([seconds, nanoseconds]);
    expect(stat.mtimeNs).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
  });

  it("gives null only for what is not there", () => {
    writeFileSync(`${fresh.path}/f`, "");
    expect(tryLstatAt(AT_FDCWD, `${fresh.path}/nope`)).toBeNull();
    expect(tryLstatAt(AT_FDCWD, `${fresh.path}/f/below`)).toBeNull();
    expect(errno(() => tryLstatAt(AT_FDCWD, `${fresh.path}/${"n".repeat(256)}`))).toBe("ENAMETOOLONG");
  });
});

describe("device numbers", () => {
  it.each([
    [1, 3, 0x103n],
    [8, 255, 0x8ffn],
    [511, 70_000, 0x1111ff70n],
    [0xfff, 0xfffff, 0xfffffffn + 0xf0000000n],
    [0x12345, 0, 0x1200000034500n],
  ])("%i:%i are encoded as the C library does", (major, minor, wanted) => {
    expect(BigInt(makeDev(major, minor))).toBe(wanted);
  });
});
