import { isUtf8 } from "node:buffer";
import { aclToText } from "./acl-text.ts";
import type { TarEntry } from "./entry.ts";
import { octalLimit } from "./number-fields.ts";
import { formatTime } from "./pax-numbers.ts";
import { ID_LENGTH, NAME_LENGTH, NUMBER_LENGTH } from "./ustar-layout.ts";
import { encodeSchilyName } from "./xattr-names.ts";

const ID_LIMIT = octalLimit(ID_LENGTH);
const NUMBER_LIMIT = octalLimit(NUMBER_LENGTH);
const ACL = /^system\.posix_acl_(access|default)$/;

/**
 * The records an entry needs, sorted by key, as latin1: one character, one byte; null if its plain header says it all.
 * `path` is the path as written.
 */
export function paxRecords(entry: TarEntry, path: Buffer, pathFits: boolean): string | null {
  const { mtimeSec, mtimeNsec, xattrs, linkPath } = entry;
  const plainTime = mtimeNsec === 0 && fitsMtime(mtimeSec);
  const plainNames = pathFits && linkPath.length <= NAME_LENGTH;
  if (plainNames && plainNumbers(entry) && xattrs.length === 0) {
    return plainTime ? null : record("mtime", formatTime(mtimeSec, mtimeNsec));
  }

  const records: [key: string, value: string][] = [];
  for (const { name, value } of xattrs) records.push(...xattrRecords(name.toString("latin1"), value));
  if (!fitsId(entry.gid)) records.push(["gid", String(entry.gid)]);
  if (!plainNames && !namesAreUtf8(pathFits ? null : path, linkPath)) records.push(["hdrcharset", "BINARY"]);
  if (linkPath.length > NAME_LENGTH) records.push(["linkpath", linkPath.toString("latin1")]);
  if (!plainTime) records.push(["mtime", formatTime(mtimeSec, mtimeNsec)]);
  if (!pathFits) records.push(["path", path.toString("latin1")]);
  if (!fitsSize(entry.size)) records.push(["size", String(entry.size)]);
  if (!fitsId(entry.uid)) records.push(["uid", String(entry.uid)]);
  // Strings of latin1 characters compare like the bytes they stand for.
  records.sort(([a], [b]) => (a < b ? -1 : 1));
  return records.map(([key, value]) => record(key, value)).join("");
}

/** Is the time, which no plain header can say, all that needs a record? Its path fits. */
export function timeIsAllElse(entry: TarEntry): boolean {
  const { mtimeSec, mtimeNsec, xattrs, linkPath } = entry;
  if (mtimeNsec === 0 || !fitsMtime(mtimeSec) || xattrs.length > 0) return false;
  return linkPath.length <= NAME_LENGTH && plainNumbers(entry);
}

function plainNumbers({ uid, gid, size }: TarEntry): boolean {
  return fitsId(uid) && fitsId(gid) && fitsSize(size);
}

export function fitsId(id: number): boolean {
  return id <= ID_LIMIT;
}

export function fitsSize(size: number): boolean {
  return size <= NUMBER_LIMIT;
}

export function fitsMtime(sec: number): boolean {
  return sec >= 0 && sec <= NUMBER_LIMIT;
}

/** Of the names that stand in records: POSIX has those in UTF-8 unless a record says otherwise. */
function namesAreUtf8(path: Buffer | null, linkPath: Buffer): boolean {
  return (path === null || isUtf8(path)) && (linkPath.length <= NAME_LENGTH || isUtf8(linkPath));
}

/**
 * ACLs are said twice, as GNU tar does with --xattrs --acls: as raw xattr, which is exact and the only form the container
 * engines read, and as text, the only form that `tar --acls` and bsdtar apply.
 */
function* xattrRecords(name: string, value: Buffer): Generator<[string, string]> {
  yield [`SCHILY.xattr.${encodeSchilyName(name)}`, value.toString("latin1")];
  const kind = ACL.exec(name)?.[1];
  const text = kind === undefined ? null : aclToText(value);
  if (text !== null) yield [`SCHILY.acl.${kind}`, text];
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts its own digits. */
function record(key: string, value: string): string {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length++;
  return `${length} ${key}=${value}\n`;
}
