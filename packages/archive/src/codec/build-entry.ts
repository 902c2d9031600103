import { permissionsOfAcl } from "./acl-text.ts";
import type { EntryType, TarEntry, Xattr } from "./entry.ts";
import type { Extensions } from "./extensions.ts";
import { headerLink, headerNameEndsInSlash, headerPath, isV7 } from "./header-path.ts";
import type { ReadLimits } from "./limits.ts";
import { Malformed } from "./malformed.ts";
import { longestName, normalisePath } from "./normalise-path.ts";
import { readNumber } from "./number-fields.ts";
import {
  DEV_MAJOR,
  DEV_MINOR,
  GID,
  ID_LENGTH,
  MODE,
  MTIME,
  NUMBER_LENGTH,
  SIZE,
  TYPE_FLAG,
  UID,
} from "./ustar-layout.ts";

const NOTHING = Buffer.alloc(0);
const SLASH = 0x2f;
const ACCESS_ACL = Buffer.from("system.posix_acl_access");
/** (uid_t)-1 and above: chown(2) takes -1 for "leave it", so such an owner would silently be root. */
const ID_LIMIT = 0xffff_ffff;
/** Linux device numbers have 12 and 20 bits; mknod(2) drops the rest. */
const MAJOR_LIMIT = 1 << 12;
const MINOR_LIMIT = 1 << 20;

const TYPES: Readonly<Record<string, EntryType>> = {
  "\0": "file",
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "directory",
  "6": "fifo",
  // Contiguous file: an allocation hint.
  "7": "file",
  // GNU tar --incremental: a directory, whose listing follows as data.
  D: "directory",
  // Old GNU sparse file.
  S: "file",
};
const TYPE_OF: readonly (EntryType | undefined)[] = Array.from(
  { length: 256 },
  (_, flag) => TYPES[String.fromCharCode(flag)],
);

/** The path of the entry whose header this is, extensions counted in. */
export function entryPath(block: Buffer, at: number, extensions: Extensions): Buffer {
  const said = saidPath(extensions);
  return said === null ? headerPath(block, at) : normalisePath(said, 0, said.length);
}

/** All of the entry but its size, which for sparse files comes later. Throws `Malformed`. */
export function buildEntry(
  path: Buffer,
  block: Buffer,
  at: number,
  extensions: Extensions,
  limits: ReadLimits,
): TarEntry {
  checkPath(path, "path", limits);
  const type = typeOf(block, at, extensions);
  const mtime = extensions.get("mtime");
  const xattrs = extensions.xattrs(limits);
  const isDevice = type === "char" || type === "block";
  return {
    path,
    type,
    mode: mode(block, at, xattrs),
    uid: id(extensions.get("uid") ?? numberField(block, at + UID, ID_LENGTH, "uid"), "uid"),
    gid: id(extensions.get("gid") ?? numberField(block, at + GID, ID_LENGTH, "gid"), "gid"),
    size: 0,
    mtimeSec: mtime === null ? signedField(block, at + MTIME, NUMBER_LENGTH, "mtime") : mtime.sec,
    mtimeNsec: mtime === null ? 0 : mtime.nsec,
    linkPath: type === "symlink" || type === "hardlink" ? linkPath(type, block, at, extensions, limits) : NOTHING,
    devMajor: isDevice ? device(extensions.get("devMajor"), block, at + DEV_MAJOR, MAJOR_LIMIT, "major") : 0,
    devMinor: isDevice ? device(extensions.get("devMinor"), block, at + DEV_MINOR, MINOR_LIMIT, "minor") : 0,
    xattrs,
  };
}

/**
 * Bytes of data that follow a header. Only files (and GNU's directory listings) have any: of links, directories and devices
 * the size is ignored, as Go and GNU tar do. POSIX lets a pax hard link carry a body; neither GNU tar nor bsdtar writes
 * one, and older tars put the file's size in links that carry none.
 */
export function storedSize(type: EntryType, block: Buffer, at: number, extensions: Extensions): number {
  if (type !== "file" && block[at + TYPE_FLAG] !== 0x44) return 0;
  return extensions.get("size") ?? numberField(block, at + SIZE, NUMBER_LENGTH, "size");
}

export function checkPath(path: Buffer, what: string, limits: ReadLimits): void {
  if (path.length > limits.maxPathBytes) {
    throw new Malformed(`${what} of ${path.length} bytes, the limit is ${limits.maxPathBytes}`, { limit: true });
  }
  const longest = path.length > limits.maxNameBytes ? longestName(withoutWhiteout(path)) : 0;
  if (longest > limits.maxNameBytes) {
    throw new Malformed(`${what} with a name of ${longest} bytes, the limit is ${limits.maxNameBytes}`, {
      limit: true,
    });
  }
}

/** `.wh.` before the last name says that that one is deleted, however long it is: the limit is on the name it hides. */
function withoutWhiteout(path: Buffer): Buffer {
  const name = path.lastIndexOf(0x2f) + 1;
  return path.toString("latin1", name, name + 4) === ".wh."
    ? Buffer.concat([path.subarray(0, name), path.subarray(name + 4)])
    : path;
}

/** A field that must be a non-negative number below 2^53. */
export function numberField(block: Buffer, at: number, length: number, what: string): number {
  const value = signedField(block, at, length, what);
  if (value < 0) throw new Malformed(`${what} is negative`);
  return value;
}

function signedField(block: Buffer, at: number, length: number, what: string): number {
  const value = readNumber(block, at, length);
  if (Number.isNaN(value)) throw new Malformed(`${what} is not an octal number`);
  if (!Number.isSafeInteger(value)) throw new Malformed(`${what} is out of range`);
  return value;
}

function saidPath(extensions: Extensions): Buffer | null {
  return extensions.sparse?.name ?? extensions.longName ?? extensions.get("path");
}

/** `\0` with a trailing slash is a directory everywhere, `0` only in 7th Edition tars: so Go, and so Python. */
function typeOf(block: Buffer, at: number, extensions: Extensions): EntryType {
  const flag = block[at + TYPE_FLAG]!;
  const type = TYPE_OF[flag];
  if (type === undefined) {
    throw new Malformed(`entry of unknown type ${JSON.stringify(String.fromCharCode(flag))}`, {
      hint: flag === 0x4d ? "it continues a file of another volume: join the volumes first" : undefined,
    });
  }
  if (flag === 0 || (flag === 0x30 && isV7(block, at))) {
    const said = saidPath(extensions);
    const slash = said === null ? headerNameEndsInSlash(block, at) : said.at(-1) === SLASH;
    if (slash) return "directory";
  }
  return type;
}

function mode(block: Buffer, at: number, xattrs: readonly Xattr[]): number {
  // The file type bits that some writers put here are the type flag's business.
  const said = numberField(block, at + MODE, ID_LENGTH, "mode") % 0o10000;
  if (xattrs.length === 0) return said;
  const acl = xattrs.find(({ name }) => name.equals(ACCESS_ACL));
  const permissions = acl === undefined ? null : permissionsOfAcl(acl.value);
  return permissions === null ? said : (said & 0o7000) | permissions;
}

function linkPath(type: EntryType, block: Buffer, at: number, extensions: Extensions, limits: ReadLimits): Buffer {
  const raw = extensions.longLink ?? extensions.get("linkPath") ?? headerLink(block, at);
  if (raw.length === 0) throw new Malformed(`${type} without a target`);
  if (type === "symlink") {
    if (raw.length <= limits.maxPathBytes) return raw;
    throw new Malformed(`link text of ${raw.length} bytes, the limit is ${limits.maxPathBytes}`, { limit: true });
  }
  const target = normalisePath(raw, 0, raw.length);
  checkPath(target, "link target", limits);
  return target;
}

function id(value: number, what: string): number {
  if (value >= ID_LIMIT) throw new Malformed(`${what} ${value} is out of range`);
  return value;
}

function device(said: number | null, block: Buffer, at: number, limit: number, what: string): number {
  const value = said ?? numberField(block, at, ID_LENGTH, `device ${what}`);
  if (value >= limit) throw new Malformed(`device ${what} ${value} is out of range`);
  return value;
}
