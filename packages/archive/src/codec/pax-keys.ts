import type { ReadLimits } from "./limits.ts";
import { Malformed } from "./malformed.ts";
import { copyBytes } from "./normalise-path.ts";
import type { PaxFields, XattrRecord } from "./pax-fields.ts";
import { parseDecimal, parseTime } from "./pax-numbers.ts";
import { parseSparseList, SparseRecords } from "./sparse-map.ts";
import { decodeLibarchiveName, decodeLibarchiveValue, decodeSchilyName } from "./xattr-names.ts";

type Parse = (fields: PaxFields, data: Buffer, start: number, end: number, limits: ReadLimits) => void;

/**
 * The keys that mean something to us. All others say nothing a layer keeps: atime, ctime, uname, gname, comment,
 * hdrcharset (bytes are bytes here), SCHILY.fflags, SCHILY.ino and the like; RHT.security.selinux is a label of the
 * machine that wrote it. SCHILY.devmajor and devminor matter: bsdtar uses them for minors from 262144.
 */
const KEYS: readonly (readonly [key: string, parse: Parse])[] = [
  [
    "mtime",
    (f, d, s, e) => {
      f.mtime = s === e ? null : parseTime(d, s, e);
    },
  ],
  [
    "path",
    (f, d, s, e) => {
      f.path = name(d, s, e, "path");
    },
  ],
  [
    "linkpath",
    (f, d, s, e) => {
      f.linkPath = name(d, s, e, "linkpath");
    },
  ],
  [
    "size",
    (f, d, s, e) => {
      f.size = number(d, s, e, "size");
    },
  ],
  [
    "uid",
    (f, d, s, e) => {
      f.uid = number(d, s, e, "uid");
    },
  ],
  [
    "gid",
    (f, d, s, e) => {
      f.gid = number(d, s, e, "gid");
    },
  ],
  [
    "SCHILY.devmajor",
    (f, d, s, e) => {
      f.devMajor = number(d, s, e, "SCHILY.devmajor");
    },
  ],
  [
    "SCHILY.devminor",
    (f, d, s, e) => {
      f.devMinor = number(d, s, e, "SCHILY.devminor");
    },
  ],
  [
    "SCHILY.acl.access",
    (f, d, s, e) => {
      f.accessAcl = s === e ? null : copyBytes(d, s, e);
    },
  ],
  [
    "SCHILY.acl.default",
    (f, d, s, e) => {
      f.defaultAcl = s === e ? null : copyBytes(d, s, e);
    },
  ],
  ["SCHILY.realsize", refuseStarSparse],
  [
    "GNU.sparse.major",
    (f, d, s, e) => {
      sparse(f).major = parseDecimal(d, s, e, "GNU.sparse.major");
    },
  ],
  [
    "GNU.sparse.minor",
    (f, d, s, e) => {
      sparse(f).minor = parseDecimal(d, s, e, "GNU.sparse.minor");
    },
  ],
  [
    "GNU.sparse.name",
    (f, d, s, e) => {
      sparse(f).name = name(d, s, e, "GNU.sparse.name");
    },
  ],
  [
    "GNU.sparse.size",
    (f, d, s, e) => {
      sparse(f).realSize = parseDecimal(d, s, e, "GNU.sparse.size");
    },
  ],
  [
    "GNU.sparse.realsize",
    (f, d, s, e) => {
      sparse(f).realSize = parseDecimal(d, s, e, "GNU.sparse.realsize");
    },
  ],
  ["GNU.sparse.offset", (f, d, s, e) => addSparse(f, [parseDecimal(d, s, e, "GNU.sparse.offset")])],
  ["GNU.sparse.numbytes", (f, d, s, e) => addSparse(f, [parseDecimal(d, s, e, "GNU.sparse.numbytes")])],
  ["GNU.sparse.map", (f, d, s, e) => addSparse(f, s === e ? [] : parseSparseList(d, s, e))],
];

interface PaxKey {
  readonly bytes: Buffer;
  readonly parse: Parse;
}

/** The hot path of archives with ns times: most records are told apart by their key's length alone. */
const BY_LENGTH: readonly PaxKey[][] = Array.from({ length: 32 }, (_, length) =>
  KEYS.filter(([key]) => key.length === length).map(([key, parse]) => ({ bytes: Buffer.from(key), parse })),
);
const NONE: readonly PaxKey[] = [];

const SCHILY_XATTR = Buffer.from("SCHILY.xattr.");
const LIBARCHIVE_XATTR = Buffer.from("LIBARCHIVE.xattr.");

/** Takes one record of an extended header into `fields`. */
export function applyPaxRecord(
  fields: PaxFields,
  data: Buffer,
  keyStart: number,
  keyEnd: number,
  valueEnd: number,
  limits: ReadLimits,
): void {
  const candidates = BY_LENGTH[keyEnd - keyStart] ?? NONE;
  for (let i = 0; i < candidates.length; i++) {
    const { bytes, parse } = candidates[i]!;
    if (!startsWith(data, keyStart, keyEnd, bytes)) continue;
    parse(fields, data, keyEnd + 1, valueEnd, limits);
    return;
  }
  if (startsWith(data, keyStart, keyEnd, SCHILY_XATTR)) {
    addXattr(fields, data, keyStart + SCHILY_XATTR.length, keyEnd, valueEnd, "schily", limits);
  } else if (startsWith(data, keyStart, keyEnd, LIBARCHIVE_XATTR)) {
    addXattr(fields, data, keyStart + LIBARCHIVE_XATTR.length, keyEnd, valueEnd, "libarchive", limits);
  }
}

function startsWith(data: Buffer, start: number, end: number, word: Buffer): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (data[start + i] !== word[i]) return false;
  }
  return true;
}

function name(data: Buffer, start: number, end: number, key: string): Buffer | null {
  if (start === end) return null;
  const bytes = copyBytes(data, start, end);
  if (bytes.includes(0)) throw new Malformed(`${key} holds a NUL`);
  return bytes;
}

function number(data: Buffer, start: number, end: number, key: string): number | null {
  return start === end ? null : parseDecimal(data, start, end, key);
}

function sparse(fields: PaxFields): SparseRecords {
  fields.sparse ??= new SparseRecords();
  return fields.sparse;
}

function addSparse(fields: PaxFields, numbers: readonly number[]): void {
  const { map } = sparse(fields);
  for (const value of numbers) map.push(value);
}

/** star's own sparse files: their map is in a form nobody else writes, and without it the content would be wrong. */
function refuseStarSparse(): void {
  throw new Malformed("sparse files in star's own format are not supported", {
    hint: "write the archive with GNU tar or bsdtar, or without sparse maps",
  });
}

/** An empty value is an empty attribute and not a deletion: such attributes exist, and GNU tar writes them so. */
function addXattr(
  fields: PaxFields,
  data: Buffer,
  keyStart: number,
  keyEnd: number,
  valueEnd: number,
  form: XattrRecord["form"],
  limits: ReadLimits,
): void {
  const key = data.toString("latin1", keyStart, keyEnd);
  fields.xattrs ??= new Map();
  const xattrs = fields.xattrs;
  const before = xattrs.get(key);
  if (before?.form === "libarchive" && form === "schily") return;
  const xattr = form === "schily" ? decodeSchilyName(key) : decodeLibarchiveName(key);
  if (xattr === "" || xattr.includes("\0")) throw new Malformed("xattr without a proper name");
  if (xattr.length > 255)
    throw new Malformed(`xattr name of ${xattr.length} bytes, the kernel's limit is 255`, { limit: true });
  const value =
    form === "schily"
      ? copyBytes(data, keyEnd + 1, valueEnd)
      : decodeLibarchiveValue(data.toString("latin1", keyEnd + 1, valueEnd));
  if (value.length > limits.maxXattrBytes) {
    throw new Malformed(
      `xattr ${JSON.stringify(xattr)} of ${value.length} bytes, the limit is ${limits.maxXattrBytes}`,
      {
        limit: true,
      },
    );
  }
  if (before === undefined) fields.xattrListBytes += xattr.length + 1;
  if (fields.xattrListBytes > limits.maxXattrListBytes) {
    throw new Malformed(`xattr names of more than ${limits.maxXattrListBytes} bytes`, { limit: true });
  }
  xattrs.set(key, { name: xattr, value, form });
}
