import {
  cstring,
  cstringOfBytes,
  FS_IOC_GETFLAGS,
  FS_IOC_SETFLAGS,
  libc,
  lstatName,
  O_CLOEXEC,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  pin,
  S_IFDIR,
  S_IFMT,
  S_IFREG,
  Stat,
} from "@copyup/linux";

const IMMUTABLE_OR_APPEND = 0x10 | 0x20;
const USER_RWX = 0o700;
const flags = pin(8);
const stat = new Stat();

/**
 * Takes off what keeps the owner from removing `name` in the directory: missing permissions of the directory or of a
 * directory called so, and as root the immutable and append-only flags (`chattr +i` works in a plain tree). True where
 * something changed, so that another try makes sense.
 */
export function unlock(dirfd: number, name: string): boolean {
  let changed = allowAll(cstring(`/proc/self/fd/${dirfd}`), modeOf(dirfd, ".")) || clearFlags(dirfd);
  const mode = modeOf(dirfd, name);
  const type = mode & S_IFMT;
  // Of a directory only: a symlink would be followed, other files need no permission to be removed.
  if (type === S_IFDIR && allowAll(pathOf(dirfd, name), mode)) changed = true;
  if (type !== S_IFDIR && type !== S_IFREG) return changed;
  const fd = libc.openat(dirfd, cstringOfBytes(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  if (fd < 0) return changed;
  if (clearFlags(fd)) changed = true;
  libc.close(fd);
  return changed;
}

function pathOf(dirfd: number, name: string): number {
  return cstring(Buffer.from(`/proc/self/fd/${dirfd}/${name}`, "latin1"));
}

function modeOf(dirfd: number, name: string): number {
  return lstatName(dirfd, name, stat) === 0 ? stat.mode : 0;
}

function allowAll(path: number, mode: number): boolean {
  if (mode === 0 || (mode & USER_RWX) === USER_RWX) return false;
  return libc.fchmodat(-100, path, (mode & 0o7777) | USER_RWX, 0) === 0;
}

function clearFlags(fd: number): boolean {
  if (libc.ioctl(fd, FS_IOC_GETFLAGS, flags.ptr) !== 0) return false;
  const value = flags.buffer.readUInt32LE(0);
  if ((value & IMMUTABLE_OR_APPEND) === 0) return false;
  flags.buffer.writeUInt32LE(value & ~IMMUTABLE_OR_APPEND, 0);
  return libc.ioctl(fd, FS_IOC_SETFLAGS, flags.ptr) === 0;
}
