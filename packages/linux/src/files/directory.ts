import {
  AT_FDCWD,
  DT_CHR,
  DT_DIR,
  DT_SOCK,
  DT_UNKNOWN,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
} from "../constants.ts";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { type PathArgument, pin } from "../ffi/memory.ts";
import { openAt, withFd } from "./files.ts";

const BUFFER_BYTES = 64 * 1024;
const DOT = 0x2e;
const listing = pin(BUFFER_BYTES);
const view = new DataView(listing.buffer.buffer, listing.buffer.byteOffset, BUFFER_BYTES);

/** Calls back for each entry but `.` and `..`; names are latin1 strings, one character a byte; type is d_type. */
export function forEachName(dirfd: number, visit: (name: string, dType: number) => void): void {
  // Two lists and not one of pairs, which would take twice the memory: a directory may hold a million names.
  const names: string[] = [];
  const types: number[] = [];
  for (;;) {
    const got = check(libc.getdents64(dirfd, listing.ptr, BUFFER_BYTES), "getdents64");
    if (got === 0) break;
    for (let at = 0; at < got; ) {
      const length = view.getUint16(at + 16, true);
      const type = listing.buffer[at + 18] ?? 0;
      let end = at + 19;
      while (listing.buffer[end] !== 0) end++;
      const name = listing.buffer.toString("latin1", at + 19, end);
      at += length;
      if (name === "." || name === "..") continue;
      names.push(name);
      types.push(type);
    }
  }
  for (let i = 0; i < names.length; i++) visit(names[i]!, types[i]!);
}

/**
 * The names in a directory as latin1 strings, in byte order. The descriptor must be at the start of the directory.
 * `devices` receives those that are character devices, or may be where the filesystem gives no types; `sockets` likewise.
 */
export function namesOf(dirfd: number, devices?: string[], sockets?: string[]): string[] {
  const names: string[] = [];
  for (;;) {
    const got = check(libc.getdents64(dirfd, listing.ptr, BUFFER_BYTES), "getdents64");
    if (got === 0) break;
    for (let at = 0; at < got; at += view.getUint16(at + 16, true)) {
      let end = at + 19;
      while (listing.buffer[end] !== 0) end++;
      if (isDots(at + 19, end)) continue;
      const name = listing.buffer.toString("latin1", at + 19, end);
      names.push(name);
      const type = listing.buffer[at + 18];
      if (type === DT_CHR || type === DT_UNKNOWN) devices?.push(name);
      if (type === DT_SOCK || type === DT_UNKNOWN) sockets?.push(name);
    }
  }
  // Default sort compares UTF-16 code units, which for latin1 strings are the bytes.
  return names.sort();
}

/** Of those names the ones that are directories, or may be where the filesystem gives no types; in no order. */
export function directoryNamesOf(dirfd: number): string[] {
  const names: string[] = [];
  for (;;) {
    const got = check(libc.getdents64(dirfd, listing.ptr, BUFFER_BYTES), "getdents64");
    if (got === 0) return names;
    for (let at = 0; at < got; at += view.getUint16(at + 16, true)) {
      const type = listing.buffer[at + 18];
      if (type !== DT_DIR && type !== DT_UNKNOWN) continue;
      let end = at + 19;
      while (listing.buffer[end] !== 0) end++;
      const name = listing.buffer.toString("latin1", at + 19, end);
      if (name !== "." && name !== "..") names.push(name);
    }
  }
}

const IS_ASCII = /^[\x00-\x7f]*$/;

/** Is it `.` or `..`? */
function isDots(start: number, end: number): boolean {
  const { buffer } = listing;
  return end - start < 3 && buffer[start] === DOT && (end - start === 1 || buffer[start + 1] === DOT);
}

/** The entries of a directory by path, as UTF-8 strings: for our own directories only. */
export function listDirectory(path: PathArgument): string[] {
  return withFd(openAt(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), (fd) =>
    namesOf(fd).map((name) => (IS_ASCII.test(name) ? name : Buffer.from(name, "latin1").toString("utf8"))),
  );
}
