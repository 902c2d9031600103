import { isStorageError, type StorageError } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { type ReadLimits, TarReader } from "../../src/codec/index.ts";
import { blocks, END, paxHeader, paxRecord, rawHeader, readArchive } from "./archives.ts";

function failure(parts: Buffer[], limits?: Partial<ReadLimits>): StorageError {
  const archive = Buffer.concat(parts);
  const bytes = Array.from({ length: archive.length }, (_, i) => i);
  // The second cuts a header, and its body, so that both are gathered within one chunk.
  const errors = [[], [100, 600], bytes].map((cuts) => {
    try {
      readArchive(archive, { cuts, ...(limits && { limits }) });
    } catch (error) {
      if (isStorageError(error)) return error;
      throw error;
    }
    throw new Error("it was accepted");
  });
  // However it is cut it must fail with the same words.
  expect(new Set(errors.map((error) => error.message))).toEqual(new Set([errors[0]!.message]));
  return errors[0]!;
}

function expectBad(parts: Buffer[], message: RegExp, path?: string): void {
  const error = failure([...parts, END]);
  expect(error).toMatchObject({ code: "BAD_ARCHIVE", op: "apply" });
  expect(error.message).toMatch(message);
  expect(error.path).toBe(path);
}

const file = rawHeader("f", "0");
const field = (at: number, text: string, flag = "0") => rawHeader("bad", flag, 0, (b) => b.write(text, at, "latin1"));
const pax = (data: string) => [rawHeader("P", "x", data.length), blocks(data), file];

describe("headers", () => {
  it("names the entry and the byte", () => {
    const error = failure([file, field(108, "zzzzzzz\0")]);
    expect(error.message).toBe('"bad": uid is not an octal number (at byte 512 of the archive)');
    expect(error.path).toBe("bad");
  });

  it("shows a name that is not UTF-8", () => {
    const header = rawHeader(Buffer.from([0x61, 0xff]), "0", 0, (b) => b.write("x", 100));
    expect(failure([header]).path).toBe("a\ufffd");
  });

  it("refuses a wrong checksum, and says what else it might be", () => {
    const wrong = rawHeader("w", "0");
    wrong[0] = 0x78;
    const error = failure([wrong]);
    expect([error.message, error.path, error.hint]).toEqual([
      expect.stringContaining("checksum is wrong"),
      "x",
      "is this a tar archive?",
    ]);
    expect(failure([file, wrong]).hint).toBeUndefined();
    expect(failure([file, Buffer.alloc(512, 0x41)]).message).toMatch(
      /"f": what follows this entry is not a tar header \(at byte 512/,
    );
    expect(failure([Buffer.alloc(512, 0x41)])).toMatchObject({ path: undefined, code: "BAD_ARCHIVE" });
  });

  it.each([
    ["mode", field(100, "999")],
    ["uid", field(108, "0000-1")],
    ["size", field(124, "12x")],
    ["mtime", field(136, "1.5")],
    ["device major", field(329, "x", "3")],
  ])("refuses a %s that is no octal number", (what, header) =>
    expectBad([header], new RegExp(`${what} is not an octal`), "bad"),
  );

  it("refuses negative numbers but for times", () => {
    expectBad([field(124, "\xff".repeat(12))], /size is negative/, "bad");
    expectBad([field(108, "\xff".repeat(8))], /uid is negative/, "bad");
    expect(readArchive(field(136, "\xff".repeat(12)))[0]!.entry.mtimeSec).toBe(-1);
  });

  it("refuses numbers beyond 2^53, owners that chown(2) takes for none, devices mknod(2) would cut", () => {
    expectBad([field(124, `\x80${"\xff".repeat(11)}`)], /size is out of range/, "bad");
    expectBad([field(108, "\x80\0\0\0\xff\xff\xff\xff")], /uid 4294967295 is out of range/, "bad");
    expectBad([field(329, "0010000\0", "3")], /device major 4096 is out of range/, "bad");
    expectBad([field(337, "4000000\0", "4")], /device minor 1048576 is out of range/, "bad");
  });

  it("refuses types it does not know", () => {
    expectBad([rawHeader("bad", "Z")], /unknown type "Z"/, "bad");
    expect(failure([rawHeader("bad", "M")]).hint).toMatch(/join the volumes/);
  });

  it("refuses links to nothing", () => {
    expectBad([rawHeader("bad", "1")], /hardlink without a target/, "bad");
    expectBad([rawHeader("bad", "2")], /symlink without a target/, "bad");
  });
});

describe("extended headers", () => {
  it.each([
    ["6 path=x\n", /length 6 is a lie|newline/],
    ["99 path=x\n", /length 99 is a lie/],
    ["0 path=x\n", /length 0 is a lie/],
    ["4 a=b", /length 4 is a lie/],
    ["path=x\n", /without a length/],
    [" 10 path=x\n", /without a length/],
    ["-10 path=x\n", /without a length/],
    ["9999999999999999999999 path=x\n", /without a length/],
    ["10", /without a length/],
    ["10 path=xx", /newline/],
    ["9 nopath\n", /KEY=VALUE/],
    ["8 =path\n", /KEY=VALUE/],
    ["10 path=x\n\0\0", /without a length/],
  ])("refuses %j", (data, message) => expectBad(pax(data), message, "P"));

  it.each([
    ["path", "a\0b", /path holds a NUL/],
    ["linkpath", "a\0b", /linkpath holds a NUL/],
    ["size", "-1", /size is not a decimal/],
    ["size", "99999999999999999999", /size is out of range/],
    ["uid", "1e3", /uid is not a decimal/],
    ["mtime", "now", /time is not a decimal/],
    ["SCHILY.xattr.", "x", /xattr without a proper name/],
    ["SCHILY.xattr.a\0b", "x", /xattr without a proper name/],
    ["LIBARCHIVE.xattr.%00", "eA", /xattr without a proper name/],
    ["LIBARCHIVE.xattr.user.a", "!", /not base64/],
  ])("refuses %s=%j", (key, value, message) => expectBad([paxHeader({ [key]: value }), file], message, "PaxHeaders/x"));

  it("refuses an ACL it cannot say, naming the entry", () => {
    const acl = { "SCHILY.acl.access": "user::rwx,user:joe:r--,group::r-x,mask::rwx,other::---" };
    expectBad([paxHeader(acl), file], /user:joe:r--/, "f");
    expect(failure([paxHeader(acl), file]).hint).toMatch(/--xattrs besides --acls/);
  });

  it("refuses one without its entry", () => {
    expectBad([paxHeader({ uid: "1" })], /before its entry/, "PaxHeaders/x");
    expect(failure([paxHeader({ uid: "1" })]).message).toMatch(/before its entry/);
    expect(failure([rawHeader("L", "L", 3), blocks("abc"), END]).message).toMatch(/before its entry/);
  });
});

describe("limits", () => {
  const limited = (parts: Buffer[], limits: Partial<ReadLimits>, message: RegExp) => {
    const error = failure([...parts, END], limits);
    expect(error.code).toBe("LIMIT_EXCEEDED");
    expect(error.message).toMatch(message);
  };
  const named = (path: string) => [paxHeader({ path }), file];

  it("bounds paths, names and link texts; at the limit they pass", () => {
    const long = (length: number) =>
      "abc/"
        .repeat(Math.ceil(length / 4))
        .slice(0, length - 1)
        .concat("x");
    expect(readArchive(Buffer.concat(named(long(4095))))[0]!.entry.path).toHaveLength(4095);
    limited(named(long(4096)), {}, /path of 4096 bytes, the limit is 4095/);
    expect(readArchive(Buffer.concat(named(`d/${"n".repeat(255)}`)))).toHaveLength(1);
    limited(named(`d/${"n".repeat(256)}/x`), {}, /a name of 256 bytes, the limit is 255/);
    limited([paxHeader({ linkpath: long(4096) }), rawHeader("l", "2")], {}, /link text of 4096/);
    limited([paxHeader({ linkpath: "n".repeat(256) }), rawHeader("l", "1")], {}, /link target with a name of 256/);
  });

  it("bounds extended headers before it takes memory for them", () => {
    const error = failure([rawHeader("huge", "x", 2 ** 30)]);
    expect([error.code, error.path]).toEqual(["LIMIT_EXCEEDED", "huge"]);
    limited([rawHeader("huge", "L", (1 << 20) + 1)], {}, /extended header of 1048577 bytes/);
    limited([rawHeader("huge", "g", 11)], { maxPaxBytes: 10 }, /extended header of 11 bytes/);
  });

  it("bounds attributes", () => {
    limited([paxHeader({ "SCHILY.xattr.user.a": "x".repeat(65_537) }), file], {}, /xattr "user.a" of 65537 bytes/);
    limited([paxHeader({ [`SCHILY.xattr.${"n".repeat(256)}`]: "" }), file], {}, /xattr name of 256 bytes/);
    const many = Buffer.concat(Array.from({ length: 8000 }, (_, i) => paxRecord(`SCHILY.xattr.user.${i}`, "")));
    limited([rawHeader("P", "x", many.length), blocks(many), file], {}, /xattr names of more than 65536/);
    const largest = readArchive(Buffer.concat([paxHeader({ "SCHILY.xattr.user.a": "x".repeat(65_536) }), file]));
    expect(largest[0]!.entry.xattrs[0]!.value).toHaveLength(65_536);
  });

  it("bounds what global headers add to every entry", () => {
    const many = Buffer.concat(Array.from({ length: 400 }, (_, i) => paxRecord(`SCHILY.xattr.user.number.${i}`, "")));
    limited([rawHeader("G", "g", many.length), blocks(many), file], {}, /xattr names of more than 4096/);
    const acl = Array.from({ length: 300 }, (_, i) => `user:${i + 1000}:rwx`).join(",");
    limited([paxHeader({ "SCHILY.acl.default": acl }, "g"), file], {}, /ACL of more than 4096 bytes in a global/);
  });

  it("bounds entries and content", () => {
    limited([file, file, file], { maxEntries: 2 }, /more than 2 entries/);
    expect(readArchive(Buffer.concat([file, file]), { limits: { maxEntries: 2 } })).toHaveLength(2);
    limited(
      [rawHeader("f", "0", 3), blocks("abc"), rawHeader("g", "0", 3)],
      { maxContentBytes: 5 },
      /more than 5 bytes/,
    );
  });
});

describe("cut short", () => {
  const archive = Buffer.concat([
    paxHeader({ uid: "1" }),
    rawHeader("f", "0", 700),
    blocks(Buffer.alloc(700, 1)),
    file,
  ]);
  const boundaries = [2560, 3072];

  it("is refused everywhere but between entries", () => {
    for (let length = 0; length < archive.length; length += length % 512 < 3 || length % 512 > 508 ? 1 : 101) {
      const cut = () => readArchive(archive.subarray(0, length), { cuts: [length >> 1] });
      if (boundaries.includes(length)) expect(cut(), `${length}`).toHaveLength(1);
      else expect(cut, `${length}`).toThrow(/truncated|before its entry|is empty/);
    }
  });

  it("names the entry whose data is missing", () => {
    expect(failure([rawHeader("g", "0", 700), Buffer.alloc(600)])).toMatchObject({ path: "g", code: "BAD_ARCHIVE" });
  });

  it("is refused if there is nothing at all", () => {
    expect(failure([Buffer.alloc(0)]).message).toMatch(/archive is empty/);
  });

  it("is refused if a single zero block is followed by an entry", () => {
    expect(failure([file, Buffer.alloc(512), file]).message).toMatch(/single zero block/);
  });
});

it("goes on failing once it has failed", () => {
  const reader = new TarReader({ entry() {}, data() {} });
  const bad = Buffer.alloc(512, 1);
  expect(() => reader.write(bad)).toThrow(/not a tar header/);
  expect(() => reader.write(rawHeader("f", "0"))).toThrow(/not a tar header/);
  expect(() => reader.end()).toThrow(/not a tar header/);
});

it("lets the handler's own errors through as they are", () => {
  const own = new RangeError("disk full");
  const handler = {
    entry: () => {
      throw own;
    },
    data() {},
  };
  expect(() => new TarReader(handler).write(rawHeader("f", "0"))).toThrow(own);
});
