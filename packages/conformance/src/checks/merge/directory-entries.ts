import { AT_FDCWD, closeFd, libc, O_DIRECTORY, O_RDONLY, openAt, pin, SystemError } from "@copyup/linux";

export interface DirectoryEntry {
  readonly name: string;
  /** DT_*: a file type's S_IFMT bits shifted right by 12. */
  readonly dType: number;
  readonly ino: bigint;
}

const buffer = pin(4096);

/** Reads one buffer of raw entries, `.` and `..` left out; null at the end. */
export function nextEntries(fd: number): DirectoryEntry[] | null {
  const got = libc.getdents64(fd, buffer.ptr, buffer.buffer.length);
  if (got < 0) throw new SystemError("getdents64", -got);
  if (got === 0) return null;
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at < got; at += buffer.buffer.readUInt16LE(at + 16)) {
    const end = buffer.buffer.indexOf(0, at + 19);
    const name = buffer.buffer.toString("latin1", at + 19, end);
    if (name === "." || name === "..") continue;
    entries.push({ name, dType: buffer.buffer.readUInt8(at + 18), ino: buffer.buffer.readBigUInt64LE(at) });
  }
  return entries;
}

/** All that is left to read of an open directory. */
export function remainingEntries(fd: number): DirectoryEntry[] {
  const all: DirectoryEntry[] = [];
  for (let entries = nextEntries(fd); entries !== null; entries = nextEntries(fd)) all.push(...entries);
  return all;
}

export function withDirectory<T>(path: string, use: (fd: number) => T): T {
  const fd = openAt(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  try {
    return use(fd);
  } finally {
    closeFd(fd);
  }
}
