import {
  AT_FDCWD,
  AT_REMOVEDIR,
  AT_SYMLINK_NOFOLLOW,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
} from "../constants.ts";
import { check, EINTR, ENOENT, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { addressOf, cstring, type PathArgument, type Pinned, pin } from "../ffi/memory.ts";

/** Thin wrappers that throw SystemError. Each takes a directory descriptor (or AT_FDCWD) and a path below it. */

export function openAt(dirfd: number, path: PathArgument, flags: number, mode = 0): number {
  return check(libc.openat(dirfd, cstring(path), flags | O_CLOEXEC, mode), "openat", path);
}

/** A directory for reading its entries; does not follow a symlink at the end. */
export function openDirectoryAt(dirfd: number, path: PathArgument): number {
  return openAt(dirfd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

export function openPathAt(dirfd: number, path: PathArgument, flags = O_NOFOLLOW): number {
  return openAt(dirfd, path, O_PATH | flags);
}

const how = pin(24);

/** openat2 with RESOLVE_* flags. */
export function openAt2(dirfd: number, path: PathArgument, flags: number, resolve: number, mode = 0): number {
  return check(rawOpenAt2(dirfd, cstring(path), flags, resolve, mode), "openat2", path);
}

/** By address; the descriptor or minus errno. */
export function rawOpenAt2(dirfd: number, pathPtr: number, flags: number, resolve: number, mode = 0): number {
  how.buffer.writeUInt32LE((flags | O_CLOEXEC) >>> 0, 0);
  how.buffer.writeUInt32LE(0, 4);
  how.buffer.writeUInt32LE(mode, 8);
  how.buffer.writeUInt32LE(0, 12);
  how.buffer.writeUInt32LE(resolve, 16);
  how.buffer.writeUInt32LE(0, 20);
  return libc.openat2(dirfd, pathPtr, how.ptr, 24);
}

export function closeFd(fd: number): void {
  check(libc.close(fd), "close");
}

/** Reads up to `length` bytes; 0 at the end. */
export function readFd(fd: number, into: Uint8Array, offset = 0, length = into.length - offset): number {
  for (;;) {
    const got = libc.read(fd, addressOf(into) + offset, length);
    if (got !== -EINTR) return check(got, "read");
  }
}

export function preadFd(
  fd: number,
  into: Uint8Array,
  position: number,
  offset = 0,
  length = into.length - offset,
): number {
  return check(libc.pread(fd, addressOf(into) + offset, length, position), "pread");
}

/** Writes all of it. */
export function writeFd(fd: number, from: Uint8Array, offset = 0, length = from.length - offset): void {
  writeAllPtr(fd, addressOf(from) + offset, length);
}

/** A text as UTF-8. */
export function writeText(fd: number, text: string): void {
  const length = Buffer.byteLength(text);
  if (length < TEXT_MAX) writeAllPtr(fd, cstring(text), length);
  else writeFd(fd, Buffer.from(text));
}

const TEXT_MAX = 8 * 1024;
const shortText = pin(TEXT_MAX);

/** Does a small file hold just that text? False also where there is no such file. For files that are replaced, never written to. */
export function holdsText(path: PathArgument, text: string): boolean {
  const fd = libc.openat(AT_FDCWD, cstring(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0) return false;
  const got = libc.read(fd, shortText.ptr, TEXT_MAX);
  libc.close(fd);
  return got >= text.length && got < TEXT_MAX && shortText.buffer.toString("utf8", 0, got) === text;
}

/** The same from an address; throws SystemError (ENOSPC, EDQUOT, EIO, …). */
export function writeAllPtr(fd: number, ptr: number, length: number): void {
  let done = 0;
  while (done < length) {
    const wrote = libc.write(fd, ptr + done, length - done);
    if (wrote === -EINTR) continue;
    done += check(wrote, "write");
  }
}

/** Of its own, because a new one for each file costs more than reading it. */
const piece = pin(64 * 1024);

/** Reads a whole small file. */
export function readWholeFile(dirfd: number, path: PathArgument, limit = 64 * 1024 * 1024): Buffer {
  const fd = openAt(dirfd, path, O_RDONLY);
  try {
    const parts: Buffer[] = [];
    let total = 0;
    for (;;) {
      const got = readInto(fd, piece);
      if (got === 0) return Buffer.concat(parts, total);
      total += got;
      if (total > limit) throw new RangeError(`file of more than ${limit} bytes`);
      parts.push(Buffer.from(piece.buffer.subarray(0, got)));
    }
  } finally {
    libc.close(fd);
  }
}

function readInto(fd: number, { ptr, buffer }: Pinned): number {
  for (;;) {
    const got = libc.read(fd, ptr, buffer.length);
    if (got !== -EINTR) return check(got, "read");
  }
}

export function mkdirAt(dirfd: number, path: PathArgument, mode = 0o755): void {
  check(libc.mkdirat(dirfd, cstring(path), mode), "mkdirat", path);
}

/** The kernel's user-space encoding of a device number. */
export function makeDev(major: number, minor: number): number {
  return (
    (minor & 0xff) +
    (major & 0xfff) * 0x100 +
    (minor & 0xfff00) * 0x1000 +
    Math.floor(major / 0x1000) * 0x1_0000_0000_000
  );
}

/** `mode` holds the type (S_IFCHR, S_IFIFO, …) and the permission bits. */
export function mknodAt(dirfd: number, path: PathArgument, mode: number, major = 0, minor = 0): void {
  check(libc.mknodat(dirfd, cstring(path), mode, makeDev(major, minor)), "mknodat", path);
}

export function symlinkAt(target: PathArgument, dirfd: number, path: PathArgument): void {
  check(libc.symlinkat(cstring(target), dirfd, cstring(path)), "symlinkat", path);
}

/** Does not follow a symlink at `oldPath`. */
export function linkAt(oldDir: number, oldPath: PathArgument, newDir: number, newPath: PathArgument, flags = 0): void {
  check(libc.linkat(oldDir, cstring(oldPath), newDir, cstring(newPath), flags), "linkat", newPath);
}

export function unlinkAt(dirfd: number, path: PathArgument): void {
  check(libc.unlinkat(dirfd, cstring(path), 0), "unlinkat", path);
}

export function rmdirAt(dirfd: number, path: PathArgument): void {
  check(libc.unlinkat(dirfd, cstring(path), AT_REMOVEDIR), "rmdir", path);
}

export function renameAt(
  oldDir: number,
  oldPath: PathArgument,
  newDir: number,
  newPath: PathArgument,
  flags = 0,
): void {
  check(libc.renameat2(oldDir, cstring(oldPath), newDir, cstring(newPath), flags), "renameat2", newPath);
}

const linkText = pin(8192);

export function readlinkAt(dirfd: number, path: PathArgument): Buffer {
  const length = check(libc.readlinkat(dirfd, cstring(path), linkText.ptr, 8192), "readlinkat", path);
  return Buffer.from(linkText.buffer.subarray(0, length));
}

export function chmodFd(fd: number, mode: number): void {
  check(libc.fchmod(fd, mode), "fchmod");
}

/** Follows a symlink at the end, as the system call does; there is no lchmod on Linux. */
export function chmodAt(dirfd: number, path: PathArgument, mode: number): void {
  check(libc.fchmodat(dirfd, cstring(path), mode, 0), "fchmodat", path);
}

/** Of the link itself. */
export function chownAt(dirfd: number, path: PathArgument, uid: number, gid: number): void {
  check(libc.fchownat(dirfd, cstring(path), uid, gid, AT_SYMLINK_NOFOLLOW), "fchownat", path);
}

export function chownFd(fd: number, uid: number, gid: number): void {
  check(libc.fchown(fd, uid, gid), "fchown");
}

const times = pin(32);
const timesView = new DataView(times.buffer.buffer, times.buffer.byteOffset, 32);
/** As a nanosecond count: leave this time as it is. */
export const UTIME_OMIT = 0x3ffffffe;

/** Fills the two timespecs that the next utimensat or futimens takes; gives their address. */
export function timespecs(atimeSec: number, atimeNsec: number, mtimeSec: number, mtimeNsec: number): number {
  writeSeconds(0, atimeSec);
  timesView.setUint32(8, atimeNsec, true);
  writeSeconds(16, mtimeSec);
  timesView.setUint32(24, mtimeNsec, true);
  return times.ptr;
}

function writeSeconds(offset: number, seconds: number): void {
  const high = Math.floor(seconds / 0x1_0000_0000);
  timesView.setUint32(offset, seconds - high * 0x1_0000_0000, true);
  timesView.setInt32(offset + 4, high, true);
}

/** Of the link itself. Leaves the access time. */
export function setMtimeAt(dirfd: number, path: PathArgument, sec: number, nsec: number): void {
  check(
    libc.utimensat(dirfd, cstring(path), timespecs(0, UTIME_OMIT, sec, nsec), AT_SYMLINK_NOFOLLOW),
    "utimensat",
    path,
  );
}

export function setMtimeFd(fd: number, sec: number, nsec: number): void {
  check(libc.futimens(fd, timespecs(0, UTIME_OMIT, sec, nsec)), "futimens");
}

/** Opens what an O_PATH descriptor names, with new flags. */
export function reopenFd(fd: number, flags: number): number {
  return openAt(-100, `/proc/self/fd/${fd}`, flags);
}

/** Runs `use` on a fresh descriptor and closes it whatever happens. */
export function withFd<T>(fd: number, use: (fd: number) => T): T {
  try {
    return use(fd);
  } finally {
    libc.close(fd);
  }
}

export function existsAt(dirfd: number, path: PathArgument): boolean {
  const fd = libc.openat(dirfd, cstring(path), O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd >= 0) libc.close(fd);
  else if (fd !== -ENOENT) throw new SystemError("openat", -fd, path);
  return fd >= 0;
}
