import { isStorageError } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { encodeHeader, headerSize, type TarEntry } from "../../src/codec/index.ts";
import { encode, entryOf } from "./archives.ts";

const LAST = { name: 100, mode: 108, uid: 116, gid: 124, size: 136, mtime: 148 };

/** The fields of the last block of a header, and the records of the extended header before it. */
function fieldsOf(entry: TarEntry) {
  const bytes = encode(entry);
  expect(bytes.length % 512).toBe(0);
  const at = bytes.length - 512;
  const text = (from: number, to: number) => bytes.toString("latin1", at + from, at + to).replace(/\0.*$/s, "");
  const pax = bytes.length === 512 ? null : bytes.subarray(0, at);
  const length = pax === null ? 0 : Number.parseInt(pax.toString("latin1", 124, 135), 8);
  return {
    bytes,
    name: text(0, LAST.name),
    mode: text(100, LAST.mode),
    uid: text(108, LAST.uid),
    gid: text(116, LAST.gid),
    size: text(124, LAST.size),
    mtime: text(136, LAST.mtime),
    flag: text(156, 157),
    link: text(157, 257),
    prefix: text(345, 500),
    paxName: pax?.toString("latin1", 0, 100).replace(/\0.*$/s, ""),
    records: pax?.toString("latin1", 512, 512 + length) ?? "",
  };
}

it("is one plain block where that says it all", () => {
  const { bytes } = fieldsOf(
    entryOf("usr/bin/env", { mode: 0o4755, uid: 1, gid: 2, size: 3, mtimeSec: 1_700_000_000 }),
  );
  const expected = Buffer.alloc(512);
  expected.write("usr/bin/env");
  expected.write("0004755\x000000001\x000000002\x0000000000003\x0014524770400\0", 100, "latin1");
  expected.write("0", 156);
  expected.write("ustar\x0000", 257, "latin1");
  expected.write("0000000\x000000000\0", 329, "latin1");
  expected.fill(0x20, 148, 156);
  const total = expected.reduce((a, b) => a + b, 0);
  expected.write(`${total.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  expect(bytes).toEqual(expected);
});

it("ends directories in a slash, writes the root as ./, symlinks as 0777", () => {
  expect(fieldsOf(entryOf("a/d", { type: "directory" })).name).toBe("a/d/");
  expect(fieldsOf(entryOf("", { type: "directory" })).name).toBe("./");
  expect(fieldsOf(entryOf("s", { type: "symlink", mode: 0o644, linkPath: Buffer.from("t") }))).toMatchObject({
    mode: "0000777",
    link: "t",
    flag: "2",
  });
});

it("writes each type's flag and a device's numbers", () => {
  const flags = (["file", "hardlink", "symlink", "char", "block", "directory", "fifo"] as const).map(
    (type) => fieldsOf(entryOf("x", { type })).flag,
  );
  expect(flags.join("")).toBe("0123456");
  const { bytes } = fieldsOf(entryOf("c", { type: "char", devMajor: 4095, devMinor: 1_048_575 }));
  expect(bytes.toString("latin1", 329, 345)).toBe("0007777\x003777777\0");
});

describe("names", () => {
  it.each([
    ["100 bytes", "n".repeat(100), "n".repeat(100), ""],
    ["prefix and name", `${"p".repeat(60)}/${"n".repeat(60)}`, "n".repeat(60), "p".repeat(60)],
    ["the longest prefix", `${"p/".repeat(60)}${"n".repeat(30)}`, "n".repeat(30), "p/".repeat(60).slice(0, -1)],
    ["both full", `${"p".repeat(155)}/${"n".repeat(100)}`, "n".repeat(100), "p".repeat(155)],
  ])("fit ustar: %s", (_, path, name, prefix) =>
    expect(fieldsOf(entryOf(path))).toMatchObject({ name, prefix, records: "" }),
  );

  it.each([
    ["a name of 101", "n".repeat(101)],
    ["a name of 101 below a directory", `d/${"n".repeat(101)}`],
    ["a prefix of 156", `${"p".repeat(156)}/n`],
    ["a slash in front alone", `/${"n".repeat(100)}`],
  ])("that do not fit are in a record: %s", (_, path) => {
    const { records, prefix, name } = fieldsOf(entryOf(path));
    expect(records).toBe(`${path.length + 10} path=${path}\n`);
    expect([prefix, name]).toEqual(["", path.slice(0, 100)]);
  });

  it("of a directory take their slash along", () => {
    expect(fieldsOf(entryOf("n".repeat(99), { type: "directory" })).records).toBe("");
    expect(fieldsOf(entryOf("n".repeat(100), { type: "directory" })).records).toBe(`111 path=${"n".repeat(100)}/\n`);
    const split = fieldsOf(entryOf(`p/${"n".repeat(99)}`, { type: "directory" }));
    expect(split).toMatchObject({ prefix: "p", name: `${"n".repeat(99)}/`, records: "" });
  });

  it("long link targets are in a record", () => {
    expect(fieldsOf(entryOf("l", { type: "symlink", linkPath: Buffer.from("t".repeat(100)) })).records).toBe("");
    expect(fieldsOf(entryOf("l", { type: "symlink", linkPath: Buffer.from("t".repeat(101)) })).records).toBe(
      `115 linkpath=${"t".repeat(101)}\n`,
    );
  });

  it("are raw bytes; in records, bytes that are not UTF-8 are declared", () => {
    expect(fieldsOf(entryOf(Buffer.from([0xff, 0x61])))).toMatchObject({ name: "\xffa", records: "" });
    const long = Buffer.concat([Buffer.alloc(100, "x"), Buffer.from([0xff])]);
    expect(fieldsOf(entryOf(long)).records).toBe(`21 hdrcharset=BINARY\n111 path=${"x".repeat(100)}\xff\n`);
    expect(fieldsOf(entryOf("l", { type: "symlink", linkPath: long })).records).toMatch(/^21 hdrcharset=BINARY\n/);
    expect(fieldsOf(entryOf("é".repeat(60))).records).toMatch(/^130 path=/);
    expect(fieldsOf(entryOf(Buffer.from([0xff]), { uid: 3_000_000 })).records).toBe("15 uid=3000000\n");
  });
});

describe("numbers", () => {
  it("that do not fit their field are in a record, and the field is 0", () => {
    expect(fieldsOf(entryOf("x", { uid: 2_097_151, gid: 2_097_151, size: 8_589_934_591 })).records).toBe("");
    const huge = fieldsOf(entryOf("x", { uid: 2_097_152, gid: 4_000_000_000, size: 8_589_934_592 }));
    expect(huge.records).toBe("18 gid=4000000000\n19 size=8589934592\n15 uid=2097152\n");
    expect(huge).toMatchObject({ uid: "0000000", gid: "0000000", size: "00000000000" });
  });

  it.each([
    [5, 0, "", "00000000005"],
    [5, 1, "21 mtime=5.000000001\n", "00000000005"],
    [-1, 500_000_000, "14 mtime=-0.5\n", "00000000000"],
    [-3, 0, "12 mtime=-3\n", "00000000000"],
    [8_589_934_591, 0, "", "77777777777"],
    [8_589_934_592, 0, "20 mtime=8589934592\n", "77777777777"],
  ])("the time %d s %d ns", (mtimeSec, mtimeNsec, records, mtime) => {
    expect(fieldsOf(entryOf("x", { mtimeSec, mtimeNsec }))).toMatchObject({ records, mtime });
  });
});

describe("the extended header", () => {
  const xattr = (name: string, value: string | Buffer) => ({
    name: Buffer.from(name, "latin1"),
    value: Buffer.from(value as string),
  });

  it("has its records sorted by key, whatever the order of the attributes", () => {
    const xattrs = [xattr("user.b", "2"), xattr("user.a", "1"), xattr("security.capability", "c")];
    const entry = entryOf("n".repeat(101), { uid: 3_000_000, mtimeNsec: 1, xattrs });
    const keys = fieldsOf(entry)
      .records.split("\n")
      .map((line) => line.replace(/^\d+ ([^=]*)=.*/, "$1"));
    expect(keys).toEqual([
      "SCHILY.xattr.security.capability",
      "SCHILY.xattr.user.a",
      "SCHILY.xattr.user.b",
      "mtime",
      "path",
      "uid",
      "",
    ]);
    expect(encode({ ...entry, xattrs: xattrs.toReversed() })).toEqual(encode(entry));
  });

  it("holds attributes as bytes", () => {
    const value = Buffer.from([0, 0xff, 0x0a, 0x3d]);
    const { records } = fieldsOf(entryOf("x", { xattrs: [xattr("user.a=b", value)] }));
    expect(records).toBe("32 SCHILY.xattr.user.a%3Db=\0\xff\n=\n");
  });

  it("says an ACL in both forms", () => {
    const acl = Buffer.from("0200000001000600ffffffff04000400ffffffff20000400ffffffff", "hex");
    const { records } = fieldsOf(
      entryOf("x", { xattrs: [{ name: Buffer.from("system.posix_acl_default"), value: acl }] }),
    );
    expect(records).toContain("SCHILY.acl.default=user::rw-,group::r--,other::r--\n");
    expect(records).toContain(`SCHILY.xattr.system.posix_acl_default=${acl.toString("latin1")}\n`);
  });

  it("counts its own length's digits", () => {
    for (const length of [1, 80, 88, 89, 90, 91, 92, 980, 987, 988, 989, 990]) {
      const { records } = fieldsOf(entryOf("x", { xattrs: [xattr("u", "v".repeat(length))] }));
      expect(Number.parseInt(records, 10)).toBe(records.length);
    }
  });

  it("is named after the entry, nothing of it left to chance", () => {
    const { bytes, paxName } = fieldsOf(entryOf("some/dir/file", { mtimeNsec: 1, mtimeSec: 9, uid: 5, mode: 0o600 }));
    expect(paxName).toBe("PaxHeaders/file");
    expect(bytes.toString("latin1", 100, 148)).toBe("0000644\x000000000\x000000000\x0000000000025\x0000000000000\0");
    expect(fieldsOf(entryOf(`d/${"n".repeat(150)}`)).paxName).toBe(`PaxHeaders/${"n".repeat(89)}`);
  });
});

describe("the buffer", () => {
  const entry = entryOf("x", { mtimeNsec: 1 });

  it("is written at the offset and nowhere else, whatever was in it", () => {
    const out = Buffer.alloc(4096, 0xaa);
    expect(encodeHeader(entry, out, 100)).toBe(1536);
    const clean = Buffer.alloc(4096);
    encodeHeader(entry, clean, 100);
    expect(out.subarray(100, 1636)).toEqual(clean.subarray(100, 1636));
    expect([...out.subarray(0, 100), ...out.subarray(1636)].every((byte) => byte === 0xaa)).toBe(true);
  });

  it("that is too short is a RangeError, and nothing was written", () => {
    const out = Buffer.alloc(1535, 0xaa);
    expect(() => encodeHeader(entry, out, 0)).toThrow(RangeError);
    expect(out.every((byte) => byte === 0xaa)).toBe(true);
    expect(encodeHeader(entry, Buffer.alloc(1536), 0)).toBe(1536);
  });

  it("of headerSize is enough for the worst names and values", () => {
    const nasty = { name: Buffer.from("=".repeat(255)), value: Buffer.alloc(3000) };
    const acl = Buffer.alloc(4 + 8 * 1003);
    acl.writeUInt32LE(2, 0);
    for (let i = 0; i < 1003; i++) {
      const [tag, id] =
        i === 0 ? [1, 0xffffffff] : i < 1000 ? [2, 4_000_000_000 + i] : [[4, 16, 32][i - 1000]!, 0xffffffff];
      acl.writeUInt16LE(tag, 4 + 8 * i);
      acl.writeUInt32LE(id, 8 + 8 * i);
    }
    const worst = entryOf("n".repeat(4095), {
      linkPath: Buffer.alloc(4095, "l"),
      uid: 2 ** 32 - 2,
      gid: 2 ** 32 - 2,
      size: 2 ** 53 - 1,
      mtimeSec: -(2 ** 52),
      mtimeNsec: 1,
      xattrs: [nasty, { name: Buffer.from("system.posix_acl_access"), value: acl }],
    });
    const written = encode(worst).length;
    expect(written).toBeLessThanOrEqual(headerSize(worst));
    expect(encode(worst).includes("user:4000000999:---")).toBe(true);
    expect(headerSize(entryOf("x"))).toBeGreaterThanOrEqual(encode(entryOf("x")).length);
  });
});

it.each([
  ["a NUL in its path", { path: Buffer.from("a\0b") }],
  ["a NUL in its path", { type: "symlink", linkPath: Buffer.from("a\0b") }],
  ["a number out of range", { uid: -1 }],
  ["a number out of range", { mode: 0o100644 }],
  ["a number out of range", { mtimeNsec: 1e9 }],
  ["a number out of range", { size: 1.5 }],
  ["a number out of range", { devMajor: 2 ** 21 }],
  ["a size for a directory", { type: "directory", size: 1 }],
  [
    "which no reader takes",
    { xattrs: Array.from({ length: 20 }, (_, i) => ({ name: Buffer.from(`user.${i}`), value: Buffer.alloc(65_536) })) },
  ],
] as [string, Partial<TarEntry>][])("refuses %s", (what, fields) => {
  try {
    encodeHeader(entryOf("bad", fields), Buffer.alloc(1 << 22), 0);
  } catch (error) {
    expect(isStorageError(error, "NOT_REPRESENTABLE") && error.message).toContain(what);
    return;
  }
  expect.fail("it was written");
});
