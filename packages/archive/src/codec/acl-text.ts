import { Malformed } from "./malformed.ts";

/**
 * POSIX ACLs as text (`user::rwx,user:1000:r-x,…`, what star, GNU tar and bsdtar keep in SCHILY.acl.*) and as the kernel's
 * xattr: version 2, then per entry tag u16, permissions u16, id u32, little-endian (include/uapi/linux/posix_acl_xattr.h).
 */
const VERSION = 2;
const HEADER_BYTES = 4;
const ENTRY_BYTES = 8;
const NO_ID = 0xffff_ffff;

const USER_OBJ = 0x01;
const USER = 0x02;
const GROUP_OBJ = 0x04;
const GROUP = 0x08;
const MASK = 0x10;
const OTHER = 0x20;

interface AclEntry {
  readonly tag: number;
  readonly perms: number;
  readonly id: number;
}

/** Null for an access ACL that says no more than the mode does: the kernel keeps no xattr for one either. */
export function aclFromText(text: string, kind: "access" | "default"): Buffer | null {
  const entries = text
    .split(/[\n,]/)
    .map((line) => line.replace(/#.*$/s, "").trim())
    .filter((line) => line !== "")
    .map(parseEntry)
    .sort((a, b) => a.tag - b.tag || a.id - b.id);
  if (entries.length === 0) return null;
  const wrong = whatIsWrong(entries);
  if (wrong !== null) throw new Malformed(`ACL ${wrong}: ${JSON.stringify(text.slice(0, 200))}`);
  return kind === "access" && entries.length === 3 ? null : encode(entries);
}

/** With numeric ids, so that it means the same everywhere; null if the bytes are not an ACL the kernel would take. */
export function aclToText(value: Buffer): string | null {
  const entries = decode(value);
  if (entries === null) return null;
  return entries.map((e) => `${TAG_WORDS.get(e.tag)}:${isNamed(e.tag) ? e.id : ""}:${permsToText(e.perms)}`).join(",");
}

/**
 * The permission bits a file with this access ACL shows; the kernel makes it so when the ACL is set. bsdtar writes others
 * in the header: there the group's bits are the group entry's, here they are the mask's.
 */
export function permissionsOfAcl(value: Buffer): number | null {
  const entries = decode(value);
  if (entries === null) return null;
  const perms = (tag: number) => entries.find((entry) => entry.tag === tag)?.perms;
  return (perms(USER_OBJ)! << 6) | ((perms(MASK) ?? perms(GROUP_OBJ)!) << 3) | perms(OTHER)!;
}

const TAG_WORDS = new Map([
  [USER_OBJ, "user"],
  [USER, "user"],
  [GROUP_OBJ, "group"],
  [GROUP, "group"],
  [MASK, "mask"],
  [OTHER, "other"],
]);

function isNamed(tag: number): boolean {
  return tag === USER || tag === GROUP;
}

/** `TAG:NAME:PERMS`, or star's `TAG:NAME:PERMS:ID`; Solaris writes mask and other with one colon. */
function parseEntry(line: string): AclEntry {
  const fields = line.split(":").map((field) => field.trim());
  if (fields[0] === "default" || fields[0] === "d") fields.shift();
  const word = fields[0]!;
  const single = /^(m|mask|o|other)$/.test(word);
  if (single && fields.length === 2) fields.splice(1, 0, "");
  const [, name, perms, id] = fields;
  if (name === undefined || perms === undefined || fields.length > 4 || !/^[rwx-]{1,3}$/.test(perms)) {
    throw new Malformed(`ACL entry ${JSON.stringify(line)} is not understood`);
  }
  const bits = (perms.includes("r") ? 4 : 0) | (perms.includes("w") ? 2 : 0) | (perms.includes("x") ? 1 : 0);
  if (/^(u|user)$/.test(word)) {
    return name === ""
      ? { tag: USER_OBJ, perms: bits, id: NO_ID }
      : { tag: USER, perms: bits, id: idOf(name, id, line) };
  }
  if (/^(g|group)$/.test(word)) {
    return name === ""
      ? { tag: GROUP_OBJ, perms: bits, id: NO_ID }
      : { tag: GROUP, perms: bits, id: idOf(name, id, line) };
  }
  if (!single || name !== "") throw new Malformed(`ACL entry ${JSON.stringify(line)} is not understood`);
  return { tag: word.startsWith("m") ? MASK : OTHER, perms: bits, id: NO_ID };
}

/** Only `root` is the same number everywhere; the writer's user database is not ours. */
function idOf(name: string, id: string | undefined, line: string): number {
  const digits = id !== undefined && id !== "" ? id : name === "root" ? "0" : name;
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
  if (number < NO_ID) return number;
  throw new Malformed(`ACL entry ${JSON.stringify(line)} names a user or group without its number`, {
    // GNU tar writes names into the text even with --numeric-owner.
    hint: "write the archive with GNU tar's --xattrs besides --acls, or with bsdtar: then the numbers stand in it",
  });
}

/** The kernel's rules (fs/posix_acl.c, posix_acl_valid), and each id once. Entries are in its order. */
function whatIsWrong(entries: readonly AclEntry[]): string | null {
  const count = (tag: number) => entries.filter((entry) => entry.tag === tag).length;
  if (count(USER_OBJ) !== 1 || count(GROUP_OBJ) !== 1 || count(OTHER) !== 1)
    return "needs one entry each for user, group and other";
  if (count(MASK) > 1) return "has two masks";
  if (count(MASK) === 0 && entries.length > 3) return "names users or groups but has no mask";
  for (let i = 1; i < entries.length; i++) {
    const [before, entry] = [entries[i - 1]!, entries[i]!];
    if (entry.tag < before.tag) return "is not in order";
    if (entry.tag === before.tag && entry.id <= before.id) return "names somebody twice";
  }
  return null;
}

function decode(value: Buffer): AclEntry[] | null {
  const count = (value.length - HEADER_BYTES) / ENTRY_BYTES;
  if (!Number.isInteger(count) || count <= 0 || value.readUInt32LE(0) !== VERSION) return null;
  const entries: AclEntry[] = [];
  for (let at = HEADER_BYTES; at < value.length; at += ENTRY_BYTES) {
    const entry = { tag: value.readUInt16LE(at), perms: value.readUInt16LE(at + 2), id: value.readUInt32LE(at + 4) };
    if (entry.perms > 7 || !TAG_WORDS.has(entry.tag)) return null;
    entries.push(entry);
  }
  return whatIsWrong(entries) === null ? entries : null;
}

function encode(entries: readonly AclEntry[]): Buffer {
  const out = Buffer.alloc(HEADER_BYTES + entries.length * ENTRY_BYTES);
  out.writeUInt32LE(VERSION, 0);
  entries.forEach(({ tag, perms, id }, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    out.writeUInt16LE(tag, at);
    out.writeUInt16LE(perms, at + 2);
    out.writeUInt32LE(id, at + 4);
  });
  return out;
}

function permsToText(perms: number): string {
  return `${perms & 4 ? "r" : "-"}${perms & 2 ? "w" : "-"}${perms & 1 ? "x" : "-"}`;
}
