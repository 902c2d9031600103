import { describe, expect, it } from "vitest";
import { blocks, END, paxHeader, paxRecord, rawHeader, readArchive, sum } from "./archives.ts";

const read = (...parts: Buffer[]) => readArchive(Buffer.concat([...parts, END]));
const one = (...parts: Buffer[]) => {
  const members = read(...parts);
  expect(members).toHaveLength(1);
  return members[0]!;
};
const pathOf = (...parts: Buffer[]) => one(...parts).entry.path.toString("latin1");

describe("plain headers", () => {
  it("joins ustar's prefix and name", () => {
    const header = rawHeader("name", "0", 0, (block) => block.write("some/prefix", 345));
    expect(pathOf(header)).toBe("some/prefix/name");
  });

  it("takes a name and a prefix that fill their fields", () => {
    const header = rawHeader("n".repeat(100), "0", 0, (block) => block.write("p".repeat(155), 345));
    expect(pathOf(header)).toBe(`${"p".repeat(155)}/${"n".repeat(100)}`);
  });

  it("takes only 131 bytes of star's prefix", () => {
    const header = rawHeader("name", "0", 0, (block) => {
      block.write("p".repeat(131), 345);
      block.write("00000000001 00000000001 ", 476);
      block.write("tar\0", 508);
    });
    expect(pathOf(header)).toBe(`${"p".repeat(131)}/name`);
  });

  it("takes no prefix from a GNU header but the one old Go put there", () => {
    const gnu = (at345: string) =>
      rawHeader("name", "0", 0, (block) => {
        block.write("ustar  \0", 257);
        block.write(at345, 345, "latin1");
      });
    expect(pathOf(gnu("15000000000\x0015000000000\0"))).toBe("name");
    expect(pathOf(gnu("15000000000 "))).toBe("name");
    expect(pathOf(gnu("usr/share/long"))).toBe("usr/share/long/name");
    expect(pathOf(gnu("\xff\xff".padEnd(20, "x")))).toBe("name");
  });

  it("takes a header of 7th Edition Unix, where a slash makes a directory", () => {
    const v7 = (name: string, flag: string) => rawHeader(name, flag, 0, (block) => block.fill(0, 257));
    expect(one(v7("f", "\0")).entry.type).toBe("file");
    expect(one(v7("d/", "\0")).entry).toMatchObject({ type: "directory", path: Buffer.from("d") });
    expect(one(v7("d/", "0")).entry.type).toBe("directory");
    expect(one(rawHeader("d/", "\0")).entry.type).toBe("directory");
    expect(one(rawHeader("d/", "0")).entry.type).toBe("file");
  });

  it.each([
    ["0", "file"],
    ["\0", "file"],
    ["7", "file"],
    ["3", "char"],
    ["4", "block"],
    ["5", "directory"],
    ["6", "fifo"],
  ])("type flag %j is a %s", (flag, type) => expect(one(rawHeader("x", flag)).entry.type).toBe(type));

  it("keeps the permission bits of a mode and drops the type's", () => {
    expect(one(rawHeader("x", "0", 0, (b) => b.write("0104755\0", 100))).entry.mode).toBe(0o4755);
  });

  it("takes sums of signed bytes", () => {
    const header = rawHeader(Buffer.from([0xff, 0xfe]), "0");
    const signed = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : (byte << 24) >> 24), 0);
    header.write(`${signed.toString(8).padStart(6, "0")}\0 `, 148);
    expect(one(header).entry.path).toEqual(Buffer.from([0xff, 0xfe]));
  });

  it("takes base-256 size, owners and times before 1970", () => {
    const header = rawHeader("x", "0", 0, (block) => {
      block.write("80000000ee6b2800", 108, "hex");
      block.write("80000000ee6b2801", 116, "hex");
      block.write("800000000000000000000003", 124, "hex");
      block.write("ffffffffffffffffffffff9c", 136, "hex");
    });
    const { entry, content } = one(header, blocks("abc"));
    expect(entry).toMatchObject({ uid: 4_000_000_000, gid: 4_000_000_001, size: 3, mtimeSec: -100, mtimeNsec: 0 });
    expect(content.toString()).toBe("abc");
  });

  it("ignores the size of what has no data", () => {
    const link = (b: Buffer) => void b.write("target", 157);
    const members = read(
      rawHeader("f", "0", 1),
      blocks("x"),
      rawHeader("h", "1", 700, link),
      rawHeader("s", "2", 700, link),
      rawHeader("d", "5", 700),
      rawHeader("p", "6", 700),
      paxHeader({ size: "700" }),
      rawHeader("h2", "1", 0, link),
    );
    expect(members.map(({ entry }) => [entry.path.toString(), entry.size])).toEqual([
      ["f", 1],
      ["h", 0],
      ["s", 0],
      ["d", 0],
      ["p", 0],
      ["h2", 0],
    ]);
  });

  it("passes over volume labels and directory listings", () => {
    const members = read(
      rawHeader("label", "V", 5),
      blocks("12345"),
      rawHeader("d", "D", 600),
      blocks(Buffer.alloc(600, 1)),
      rawHeader("f", "0"),
    );
    expect(members.map(({ entry }) => `${entry.type} ${entry.path} ${entry.size}`)).toEqual([
      "directory d 0",
      "file f 0",
    ]);
  });
});

describe("GNU long names", () => {
  it("go before the header's, and end at a NUL", () => {
    const long = `./${"long/".repeat(60)}`;
    const { entry } = one(
      rawHeader("././@LongLink", "L", long.length + 1),
      blocks(`${long}\0`),
      rawHeader("././@LongLink", "K", 4),
      blocks("to\0x"),
      rawHeader("short", "2", 0, (b) => b.write("shortlink", 157)),
    );
    expect(entry.path.toString()).toBe(long.slice(2, -1));
    expect(entry.linkPath.toString()).toBe("to");
  });

  it("hold for one entry, win over a PAX path, and the last one counts", () => {
    const members = read(
      rawHeader("L", "L", 1),
      blocks("a"),
      rawHeader("L", "L", 1),
      blocks("b"),
      paxHeader({ path: "pax" }),
      rawHeader("x", "0"),
      rawHeader("y", "0"),
    );
    expect(members.map(({ entry }) => entry.path.toString())).toEqual(["b", "y"]);
  });
});

describe("PAX", () => {
  it("says path, linkpath, size, owners and time", () => {
    const header = paxHeader({ path: "/a//b/", linkpath: "../x", uid: "4000000000", gid: "7", mtime: "-0.5" });
    const { entry } = one(
      header,
      rawHeader("n", "2", 0, (b) => b.write("l", 157)),
    );
    expect(entry).toMatchObject({ uid: 4_000_000_000, gid: 7, mtimeSec: -1, mtimeNsec: 500_000_000 });
    expect([entry.path.toString(), entry.linkPath.toString()]).toEqual(["a/b", "../x"]);
    expect(one(paxHeader({ size: "3" }), rawHeader("f", "0", 0), blocks("abc")).content.toString()).toBe("abc");
  });

  it("normalises the target of a hard link, and not the text of a symlink", () => {
    expect(one(paxHeader({ linkpath: "./a//b" }), rawHeader("n", "1")).entry.linkPath.toString()).toBe("a/b");
    expect(one(paxHeader({ linkpath: "./a//b/" }), rawHeader("n", "2")).entry.linkPath.toString()).toBe("./a//b/");
  });

  it("ignores what a layer does not keep", () => {
    const records = {
      atime: "x",
      ctime: "y",
      uname: "joe",
      gname: "joe",
      comment: "\0",
      hdrcharset: "BINARY",
      "SCHILY.fflags": "a",
      "RHT.security.selinux": "b",
      "VENDOR.key": "",
    };
    expect(one(paxHeader(records), rawHeader("n", "0")).entry.xattrs).toEqual([]);
  });

  it("believes headers it overrides only where it does not", () => {
    const garbage = rawHeader("n", "0", 0, (b) => b.write("garbage!", 108));
    expect(one(paxHeader({ uid: "5" }), garbage).entry.uid).toBe(5);
    expect(() => one(garbage)).toThrow(/uid is not an octal number/);
  });

  it("holds for one entry, its global form for all that follow; an empty value deletes", () => {
    const members = read(
      rawHeader("before", "0"),
      paxHeader({ uid: "1", mtime: "5", gid: "9" }, "g"),
      rawHeader("a", "0"),
      paxHeader({ uid: "2" }),
      rawHeader("b", "0"),
      paxHeader({ uid: "", mtime: "" }),
      rawHeader("c", "0", 0, (b) => b.write("0000003\0", 108)),
      paxHeader({ gid: "" }, "g"),
      rawHeader("d", "0"),
    );
    expect(members.map(({ entry }) => [entry.uid, entry.mtimeSec, entry.gid])).toEqual([
      [0, 0, 0],
      [1, 5, 9],
      [2, 5, 9],
      [3, 0, 9],
      [1, 5, 0],
    ]);
  });

  it("takes Solaris' X for x, and replaces a first header by a second", () => {
    const members = read(
      paxHeader({ uid: "1" }, "X"),
      rawHeader("a", "0"),
      paxHeader({ uid: "1" }),
      paxHeader({ gid: "2" }),
      rawHeader("b", "0"),
    );
    expect(members.map(({ entry }) => [entry.uid, entry.gid])).toEqual([
      [1, 0],
      [0, 2],
    ]);
  });

  it("takes device numbers from SCHILY.devmajor and devminor, as bsdtar writes large ones", () => {
    const records = { "SCHILY.devmajor": "4095", "SCHILY.devminor": "1048575" };
    expect(one(paxHeader(records), rawHeader("c", "3")).entry).toMatchObject({ devMajor: 4095, devMinor: 1_048_575 });
  });

  it("takes an empty extended header", () => {
    expect(pathOf(rawHeader("p", "x", 0), rawHeader("a", "0"))).toBe("a");
  });
});

describe("extended attributes", () => {
  const xattrsOf = (records: Record<string, string | Buffer>, ...before: Buffer[]) =>
    one(...before, paxHeader(records), rawHeader("n", "0")).entry.xattrs.map(({ name, value }) => [
      name.toString("latin1"),
      value.toString("latin1"),
    ]);

  it("are bytes, sorted by name", () => {
    const value = Buffer.from([0, 0xff, 0x3d, 0x0a, 0xfe]);
    expect(
      xattrsOf({ "SCHILY.xattr.user.b": value, "SCHILY.xattr.security.capability": "\n", "SCHILY.xattr.user.a": "" }),
    ).toEqual([
      ["security.capability", "\n"],
      ["user.a", ""],
      ["user.b", "\0\xff=\n\xfe"],
    ]);
  });

  it("have GNU's and libarchive's escapes", () => {
    expect(xattrsOf({ "SCHILY.xattr.user.a%3Db%25": "v=w" })).toEqual([["user.a=b%", "v=w"]]);
    expect(xattrsOf({ "LIBARCHIVE.xattr.user.%C3%A9%3D": "AP89Cg" })).toEqual([["user.\xc3\xa9=", "\0\xff=\n"]]);
  });

  it("are taken once where bsdtar says them twice, whichever comes first", () => {
    const [schily, libarchive] = ["SCHILY.xattr.user.%C3%A9", "LIBARCHIVE.xattr.user.%C3%A9"];
    expect(xattrsOf({ [libarchive]: "eA", [schily]: "x" })).toEqual([["user.\xc3\xa9", "x"]]);
    expect(xattrsOf({ [schily]: "x", [libarchive]: "eA" })).toEqual([["user.\xc3\xa9", "x"]]);
  });

  it("of a global header are overridden by name", () => {
    const global = paxHeader({ "SCHILY.xattr.user.a": "1", "SCHILY.xattr.user.b": "1" }, "g");
    expect(xattrsOf({ "SCHILY.xattr.user.b": "2" }, global)).toEqual([
      ["user.a", "1"],
      ["user.b", "2"],
    ]);
  });

  it("are made of ACL text, unless the raw attribute stands there too", () => {
    const text = "user::rw-,user:1000:r-x,group::r--,mask::rwx,other::r--";
    const [[name, value]] = xattrsOf({ "SCHILY.acl.access": text }) as [[string, string]];
    expect(name).toBe("system.posix_acl_access");
    expect(Buffer.from(value, "latin1").readUInt32LE(16)).toBe(1000);
    expect(xattrsOf({ "SCHILY.acl.default": text }).map(([key]) => key)).toEqual(["system.posix_acl_default"]);
    expect(xattrsOf({ "SCHILY.acl.access": text, "SCHILY.xattr.system.posix_acl_access": "raw" })).toEqual([
      [name, "raw"],
    ]);
    expect(xattrsOf({ "SCHILY.acl.access": "user::rw-,group::r--,other::r--" })).toEqual([]);
  });
});

it("shows the permissions of an access ACL, whatever the header says", () => {
  const records = { "SCHILY.acl.access": "user::rwx,user:1000:r-x,group::r--,mask::rw-,other::--x" };
  expect(
    one(
      paxHeader(records),
      rawHeader("n", "0", 0, (b) => b.write("0004600", 100)),
    ).entry.mode,
  ).toBe(0o4761);
});

describe("the end", () => {
  it("is two zero blocks; what follows them is ignored", () => {
    const garbage = Buffer.alloc(700, 0xff);
    expect(readArchive(Buffer.concat([rawHeader("a", "0"), END, garbage])).length).toBe(1);
    expect(readArchive(END)).toEqual([]);
  });

  it("may be missing between two entries, or be one block", () => {
    expect(readArchive(rawHeader("a", "0")).length).toBe(1);
    expect(readArchive(Buffer.concat([rawHeader("a", "0"), Buffer.alloc(512)])).length).toBe(1);
  });
});

it("keeps entries whole when the chunk is used again", () => {
  const parts = [
    paxHeader({ "SCHILY.xattr.user.a": "value", path: "pax/path" }),
    rawHeader("n", "2", 0, (b) => b.write("link", 157)),
  ];
  const { entry } = one(...parts);
  expect([entry.path, entry.linkPath, entry.xattrs[0]!.value].map(String)).toEqual(["pax/path", "link", "value"]);
});

it("reads chunks of any size alike", () => {
  const archive = Buffer.concat([
    paxHeader({ "SCHILY.xattr.user.a": "v".repeat(600), mtime: "1.5" }),
    rawHeader("a", "0", 1300),
    blocks(Buffer.alloc(1300, "abc")),
    rawHeader("L", "L", 200),
    blocks("p/".repeat(100)),
    rawHeader("b", "5"),
    END,
  ]);
  const whole = readArchive(archive);
  for (const size of [1, 2, 7, 511, 512, 513, 1024, 1500]) {
    const cuts = Array.from({ length: Math.ceil(archive.length / size) }, (_, i) => i * size);
    expect(readArchive(archive, { cuts }), `chunks of ${size}`).toEqual(whole);
  }
});

it("reads shared memory", () => {
  const shared = Buffer.from(new SharedArrayBuffer(2048));
  Buffer.concat([rawHeader("shared", "0"), END]).copy(shared);
  expect(readArchive(shared)[0]!.entry.path.toString()).toBe("shared");
});

it("has test helpers that write what POSIX says", () => {
  expect(paxRecord("path", "x").toString()).toBe("9 path=x\n");
  expect(sum(Buffer.alloc(512)).toString("latin1", 148, 156)).toBe("000400\0 ");
});
