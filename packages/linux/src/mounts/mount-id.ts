import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../constants.ts";
import { check } from "../errors.ts";
import { cstring, type PathArgument } from "../ffi/memory.ts";
import { AT_STATX_DONT_SYNC, rawStatx, STATX_BASIC, STATX_MNT_ID, STATX_MNT_ID_UNIQUE, Stat } from "../files/statx.ts";

/** Names one mount (house rules: a record of a mount is true only if all of it agrees). */
export interface MountIds {
  /** As mountinfo shows it; reused after the unmount. */
  readonly id: number;
  /** Never reused while the machine runs; null before 6.8. */
  readonly uniqueId: number | null;
  /** Device number of the superblock. */
  readonly major: number;
  readonly minor: number;
}

const stat = new Stat();

/** Of the mount that a descriptor is on. Asks no FUSE daemon, so it is told for a dead one too. */
export function mountIdsOf(fd: number): MountIds {
  return idsAt(fd, "", AT_EMPTY_PATH);
}

/** Of the mount a path is on; does not follow a symlink at the end, asks no FUSE daemon. Throws SystemError. */
export function mountIdsAt(path: PathArgument): MountIds {
  return idsAt(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
}

export function mountIdOf(fd: number): number {
  look(fd, "", AT_EMPTY_PATH, STATX_BASIC | STATX_MNT_ID);
  return stat.mountId;
}

/** Is it that mount which stands at a path? Asked as `mountIdsAt` asks, with one call where ids are unique. Throws SystemError. */
export function isMountAt(path: PathArgument, { id, uniqueId, major, minor }: MountIds): boolean {
  if (uniqueId !== null) {
    look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_MNT_ID_UNIQUE);
    if ((stat.mask & STATX_MNT_ID_UNIQUE) !== 0) return stat.mountId === uniqueId;
  }
  look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC | STATX_MNT_ID);
  return stat.mountId === id && stat.devMajor === major && stat.devMinor === minor;
}

function idsAt(dirfd: number, path: PathArgument, flags: number): MountIds {
  look(dirfd, path, flags, STATX_BASIC | STATX_MNT_ID);
  return idsAfter(stat, dirfd, path, flags);
}

/** Of a path that was looked at for STATX_MNT_ID just now. */
export function mountIdsAfter(looked: Stat, path: PathArgument): MountIds {
  return idsAfter(looked, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
}

function idsAfter(looked: Stat, dirfd: number, path: PathArgument, flags: number): MountIds {
  const { mountId: id, devMajor: major, devMinor: minor } = looked;
  look(dirfd, path, flags, STATX_MNT_ID_UNIQUE);
  const uniqueId = (stat.mask & STATX_MNT_ID_UNIQUE) === 0 ? null : stat.mountId;
  return { id, uniqueId, major, minor };
}

function look(dirfd: number, path: PathArgument, flags: number, mask: number): void {
  check(
    rawStatx(dirfd, cstring(path), flags | AT_STATX_DONT_SYNC, mask, stat),
    "statx",
    path === "" ? undefined : path,
  );
}
