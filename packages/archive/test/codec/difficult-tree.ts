import type { TarEntry, Xattr } from "../../src/codec/index.ts";
import { fileOf, type Member, memberOf } from "./archives.ts";

const NOT_UTF8 = Buffer.from([0x62, 0xff, 0xfe, 0x80, 0x63]);
const LONG = Buffer.concat([Buffer.alloc(220, "x"), NOT_UTF8]);
const DEEP = Buffer.from(Array.from({ length: 30 }, (_, i) => `directory-${i}`).join("/"));

/** `setfacl -m u:60001:rw-,u:60002:r-x,g:60003:r--`, and a default ACL: ids nobody has a name for. */
const ACL =
  "0200000001000600ffffffff0200060061ea00000200050062ea000004000400ffffffff0800040063ea000010000700ffffffff20000400ffffffff";
const DEFAULT_ACL = "0200000001000700ffffffff0200070061ea000004000500ffffffff10000700ffffffff20000500ffffffff";
const CAPABILITY = "0100000200200000000000000000000000000000";

/** trusted.* and not user.*: every file type and every filesystem takes those. */
function xattr(name: string, value: Buffer | string): Xattr {
  return { name: Buffer.from(name, "latin1"), value: Buffer.from(value as string) };
}

const ROOT = memberOf("", { type: "directory", mode: 0o755, mtimeSec: 1_600_000_000, mtimeNsec: 1 });

/** What any tar of forty years can say: short ASCII names, whole seconds, small numbers. */
export const PLAIN: readonly Member[] = [
  memberOf("", { type: "directory", mode: 0o755, mtimeSec: 1_600_000_000 }),
  memberOf("d", { type: "directory", mode: 0o2750, uid: 1, gid: 2, mtimeSec: 5 }),
  fileOf("d/file", "content\n", { mode: 0o4755, uid: 1000, gid: 1000, mtimeSec: 1_700_000_000 }),
  fileOf("d/two blocks", Buffer.alloc(1024, "ab"), { mode: 0o600, mtimeSec: 7 }),
  memberOf("d/file again", {
    type: "hardlink",
    linkPath: Buffer.from("d/file"),
    mode: 0o4755,
    uid: 1000,
    gid: 1000,
    mtimeSec: 1_700_000_000,
  }),
  fileOf("empty", "", { mode: 0o444, mtimeSec: 8 }),
  memberOf("link", {
    type: "symlink",
    linkPath: Buffer.from("../else//where/"),
    mode: 0o777,
    uid: 3,
    gid: 4,
    mtimeSec: 9,
  }),
];

/** What ustar adds. */
export const USTAR: readonly Member[] = [
  ...PLAIN,
  memberOf("block", { type: "block", devMajor: 8, devMinor: 17, mode: 0o660, mtimeSec: 10 }),
  memberOf("char", { type: "char", devMajor: 5, devMinor: 1, mode: 0o620, mtimeSec: 11 }),
  memberOf("fifo", { type: "fifo", mode: 0o600, mtimeSec: 12 }),
  ...directoriesOf(DEEP.subarray(0, 150)),
  fileOf(Buffer.concat([DEEP.subarray(0, 150), Buffer.from(`/${"n".repeat(90)}`)]), "prefix", { mtimeSec: 13 }),
];

/** What GNU's format adds: names of any length, large owners, times before 1970. */
export const GNU: readonly Member[] = [
  ...USTAR,
  fileOf(LONG, "long name", { mtimeSec: 14 }),
  memberOf("long link", { type: "symlink", linkPath: LONG, mode: 0o777, mtimeSec: 15 }),
  memberOf("y long hard link", { type: "hardlink", linkPath: LONG, mtimeSec: 14 }),
  fileOf("owners", "", { uid: 4_000_000_000, gid: 4_000_000_001, mtimeSec: 16 }),
  fileOf("before 1970", "", { mtimeSec: -100 }),
  fileOf("far future", "", { mtimeSec: 10_000_000_000 }),
];

/** What only PAX can say. Rows with `negativeFraction` are those libarchive reads wrongly. */
export function paxTree(options: { negativeFraction: boolean }): Member[] {
  const members: Member[] = [
    ...GNU.slice(1),
    ROOT,
    fileOf("ns", "", { mtimeSec: 1_700_000_000, mtimeNsec: 123_456_789 }),
    fileOf("ns, trailing zeros", "", { mtimeSec: 1_700_000_000, mtimeNsec: 120_000_000 }),
    fileOf(NOT_UTF8, "bad name", { mtimeSec: 17, mtimeNsec: 1 }),
    fileOf("newline\nname", "", { mtimeSec: 18 }),
    fileOf("é ü", "utf-8", { mtimeSec: 19 }),
    fileOf("é".repeat(120), "long utf-8", { mtimeSec: 20 }),
    memberOf("link to bytes", { type: "symlink", linkPath: NOT_UTF8, mode: 0o777, mtimeSec: 21 }),
    memberOf("hard link to bytes", { type: "hardlink", linkPath: NOT_UTF8, mtimeSec: 17, mtimeNsec: 1 }),
    memberOf("large device", { type: "char", devMajor: 4095, devMinor: 1_048_575, mtimeSec: 22 }),
    fileOf("xattrs", "x", {
      mtimeSec: 23,
      xattrs: xattrs(
        ["security.capability", Buffer.from(CAPABILITY, "hex")],
        ["trusted.binary", Buffer.from([0, 0xff, 0x3d, 0x0a, 0x0a])],
        ["trusted.empty", ""],
        ["trusted.large", Buffer.alloc(3000, "v")],
      ),
    }),
    memberOf("xattrs on a link", {
      type: "symlink",
      linkPath: Buffer.from("x"),
      mode: 0o777,
      mtimeSec: 24,
      xattrs: xattrs(["trusted.link", "l"]),
    }),
    memberOf("xattrs on a fifo", { type: "fifo", mtimeSec: 25, xattrs: xattrs(["trusted.fifo", "f"]) }),
    fileOf("acl", "", {
      mode: 0o674,
      mtimeSec: 26,
      xattrs: xattrs(["system.posix_acl_access", Buffer.from(ACL, "hex")]),
    }),
    memberOf("default acl", {
      type: "directory",
      mode: 0o755,
      mtimeSec: 27,
      xattrs: xattrs(["system.posix_acl_default", Buffer.from(DEFAULT_ACL, "hex")]),
    }),
    ...directoriesOf(DEEP),
    fileOf(Buffer.concat([DEEP, Buffer.from("/deep file")]), "deep", { mtimeSec: 28 }),
  ];
  if (options.negativeFraction) {
    members.push(fileOf("half a second before 1970", "", { mtimeSec: -1, mtimeNsec: 500_000_000 }));
    members.push(fileOf("before 1970, ns", "", { mtimeSec: -100, mtimeNsec: 123_456_789 }));
  }
  return inOrder(members);
}

/** Attribute names that only GNU tar's escapes can say. */
export const ESCAPED_NAMES: Member = fileOf("escaped names", "", {
  mtimeSec: 29,
  xattrs: xattrs(["trusted.%3D", "1"], ["trusted.a=b", "2"], ["trusted.p%q", "3"]),
});

function xattrs(...pairs: [string, Buffer | string][]): Xattr[] {
  return pairs.map(([name, value]) => xattr(name, value));
}

/** The directory and those it lies in, below the root. */
function directoriesOf(path: Buffer): Member[] {
  const names = path.toString().replace(/\/$/, "").split("/");
  const fields: Partial<TarEntry> = { type: "directory", mode: 0o711, mtimeSec: 30 };
  return names.map((_, i) => memberOf(names.slice(0, i + 1).join("/"), fields));
}

/** Each path once, in byte order: parents before what is in them, and the names here so that targets precede links. */
export function inOrder(members: readonly Member[]): Member[] {
  const byPath = new Map(members.map((member) => [member.entry.path.toString("latin1"), member]));
  return [...byPath.values()].sort((a, b) => Buffer.compare(a.entry.path, b.entry.path));
}
