import { fstat, STATX_BASIC, STATX_MNT_ID, STATX_MNT_ID_UNIQUE, Stat } from "../files/statx.ts";

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

/** Of the mount that a descriptor is on. */
export function mountIdsOf(fd: number): MountIds {
  const id = mountIdOf(fd);
  const { devMajor: major, devMinor: minor } = stat;
  fstat(fd, stat, STATX_MNT_ID_UNIQUE);
  const uniqueId = (stat.mask & STATX_MNT_ID_UNIQUE) === 0 ? null : stat.mountId;
  return { id, uniqueId, major, minor };
}

export function mountIdOf(fd: number): number {
  return fstat(fd, stat, STATX_BASIC | STATX_MNT_ID).mountId;
}
