import { checksum } from "./checksum.ts";
import type { EntryType, TarEntry } from "./entry.ts";
import { DEFAULT_READ_LIMITS } from "./limits.ts";
import { octalLimit, writeOctal } from "./number-fields.ts";
import { fitsId, fitsMtime, fitsSize, paxRecords, timeIsAllElse } from "./pax-encode.ts";
import { writeTimeRecord } from "./pax-time-record.ts";
import { checkRepresentable, notRepresentable } from "./representable.ts";
import {
  BLOCK,
  CHECKSUM,
  DEV_MAJOR,
  DEV_MINOR,
  GID,
  ID_LENGTH,
  LINK_NAME,
  MAGIC,
  MODE,
  MTIME,
  NAME,
  NAME_LENGTH,
  NUMBER_LENGTH,
  PREFIX,
  padding,
  SIZE,
  TYPE_FLAG,
  UID,
} from "./ustar-layout.ts";
import { ustarSplit } from "./ustar-split.ts";

/** Two zero blocks. No filling to a record of 10,240 bytes: that was for tapes. */
export const END_OF_ARCHIVE: Buffer = Buffer.alloc(2 * BLOCK);

const FLAGS: Readonly<Record<EntryType, string>> = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  char: "3",
  block: "4",
  directory: "5",
  fifo: "6",
};
const ROOT = Buffer.from("./");
const SLASH = Buffer.from("/");
const PAX_NAME = Buffer.from("PaxHeaders/");

const ZEROS = Buffer.alloc(BLOCK);
/** What all headers have in common, copied in one go. */
const EMPTY_HEADER = emptyHeader();
const EMPTY_PAX_HEADER = emptyPaxHeader();

/** Bytes `encodeHeader` takes at most for this entry; cheap, and seldom more than twice what it takes. */
export function headerSize(entry: TarEntry): number {
  let records = 256 + entry.path.length + entry.linkPath.length;
  // An escaped name triples, an ACL's text takes three times its bytes.
  for (const { name, value } of entry.xattrs) records += 64 + 3 * name.length + 4 * value.length;
  return 3 * BLOCK + records + padding(records);
}

/**
 * Writes an entry's header, canonical by layers.md rule 6, at `out[offset..]` and returns its length, a multiple of 512.
 * The entry's data and `padding(size)` zeros are to follow. Equal entries give equal bytes.
 *
 * Paths and link texts are raw bytes, in ustar's fields where they fit, UTF-8 or not, and else in a PAX record, with
 * `hdrcharset=BINARY` if they are not UTF-8. GNU tar 1.34, bsdtar 3.6 and Go read them back byte for byte in either place;
 * without hdrcharset bsdtar does so too but exits 1, with it GNU tar prints a warning and exits 0.
 *
 * Throws RangeError if `out` is too short (`headerSize` never is), NOT_REPRESENTABLE for what no tar can say.
 */
export function encodeHeader(entry: TarEntry, out: Buffer, offset: number): number {
  checkRepresentable(entry);
  const path = writtenPath(entry);
  const split = ustarSplit(path);
  if (split >= 0 && timeIsAllElse(entry)) return writeTimed(entry, path, split, out, offset);
  const records = paxRecords(entry, path, split >= 0);
  if (records !== null && records.length > DEFAULT_READ_LIMITS.maxPaxBytes) {
    throw notRepresentable(entry, `extended attributes of ${records.length} bytes, which no reader takes`);
  }
  const paxLength = records === null ? 0 : BLOCK + records.length + padding(records.length);
  if (offset + paxLength + BLOCK > out.length) throw new RangeError("the buffer is too short for the header");
  if (records !== null) {
    writePaxHeader(entry.path, records.length, out, offset);
    out.write(records, offset + BLOCK, "latin1");
    out.fill(0, offset + BLOCK + records.length, offset + paxLength);
  }
  writeHeader(entry, path, split, out, offset + paxLength);
  return paxLength + BLOCK;
}

/** Of most files in most trees: one record, the time, which is written as bytes. */
function writeTimed(entry: TarEntry, path: Buffer, split: number, out: Buffer, offset: number): number {
  const at = offset + BLOCK;
  const length = 3 * BLOCK;
  if (offset + length > out.length) throw new RangeError("the buffer is too short for the header");
  out.set(ZEROS, at);
  writePaxHeader(entry.path, writeTimeRecord(entry.mtimeSec, entry.mtimeNsec, out, at), out, offset);
  writeHeader(entry, path, split, out, at + BLOCK);
  return length;
}

function writtenPath(entry: TarEntry): Buffer {
  if (entry.path.length === 0) return ROOT;
  return entry.type === "directory" ? Buffer.concat([entry.path, SLASH]) : entry.path;
}

function emptyHeader(): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write("ustar\x0000", MAGIC, "latin1");
  writeOctal(header, DEV_MAJOR, ID_LENGTH, 0);
  writeOctal(header, DEV_MINOR, ID_LENGTH, 0);
  return header;
}

function emptyPaxHeader(): Buffer {
  const header = emptyHeader();
  PAX_NAME.copy(header, NAME);
  writeNumbers(header, 0, 0o644, 0, 0, 0, 0);
  header[TYPE_FLAG] = 0x78;
  return header;
}

/** Named after the entry, for readers that take it for a file; trimmed to fit. */
function writePaxHeader(path: Buffer, length: number, out: Buffer, at: number): void {
  out.set(EMPTY_PAX_HEADER, at);
  let start = path.length;
  while (start > 0 && path[start - 1] !== 0x2f) start--;
  copyBytes(
    path,
    start,
    Math.min(path.length, start + NAME_LENGTH - PAX_NAME.length),
    out,
    at + NAME + PAX_NAME.length,
  );
  writeOctal(out, at + SIZE, NUMBER_LENGTH, length);
  writeChecksum(out, at);
}

/** Fields whose value stands in a record hold 0, or for the time the nearest they can say. */
function writeHeader(entry: TarEntry, path: Buffer, split: number, out: Buffer, at: number): void {
  out.set(EMPTY_HEADER, at);
  if (split > 0) {
    copyBytes(path, 0, split, out, at + PREFIX);
    copyBytes(path, split + 1, path.length, out, at + NAME);
  } else {
    copyBytes(path, 0, Math.min(path.length, NAME_LENGTH), out, at + NAME);
  }
  const { uid, gid, size, mtimeSec, linkPath } = entry;
  const mode = entry.type === "symlink" ? 0o777 : entry.mode;
  const mtime = fitsMtime(mtimeSec) ? mtimeSec : mtimeSec < 0 ? 0 : octalLimit(NUMBER_LENGTH);
  writeNumbers(out, at, mode, fitsId(uid) ? uid : 0, fitsId(gid) ? gid : 0, fitsSize(size) ? size : 0, mtime);
  out[at + TYPE_FLAG] = FLAGS[entry.type].charCodeAt(0);
  copyBytes(linkPath, 0, Math.min(linkPath.length, NAME_LENGTH), out, at + LINK_NAME);
  if (entry.devMajor !== 0) writeOctal(out, at + DEV_MAJOR, ID_LENGTH, entry.devMajor);
  if (entry.devMinor !== 0) writeOctal(out, at + DEV_MINOR, ID_LENGTH, entry.devMinor);
  writeChecksum(out, at);
}

/** `Buffer.copy` of a part makes a view of it first, which costs more than copying a name. */
function copyBytes(from: Buffer, start: number, end: number, to: Buffer, at: number): void {
  for (let i = start; i < end; i++) to[at + i - start] = from[i]!;
}

function writeNumbers(
  out: Buffer,
  at: number,
  mode: number,
  uid: number,
  gid: number,
  size: number,
  mtime: number,
): void {
  writeOctal(out, at + MODE, ID_LENGTH, mode);
  writeOctal(out, at + UID, ID_LENGTH, uid);
  writeOctal(out, at + GID, ID_LENGTH, gid);
  writeOctal(out, at + SIZE, NUMBER_LENGTH, size);
  writeOctal(out, at + MTIME, NUMBER_LENGTH, mtime);
}

/** Six digits, NUL, space. */
function writeChecksum(out: Buffer, at: number): void {
  writeOctal(out, at + CHECKSUM, 7, checksum(out, at));
  out[at + CHECKSUM + 7] = 0x20;
}
