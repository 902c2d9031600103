import { fstat, STATX_BASIC, STATX_MNT_ID, STATX_MNT_ID_UNIQUE, Stat } from "../files/statx.ts";

const stat = new Stat();

/** As mountinfo shows it; reused after the unmount. */
export function mountIdOf(fd: number): number {
  return fstat(fd, stat, STATX_BASIC | STATX_MNT_ID).mountId;
}

/** The id that is never reused while the machine runs (6.8), or null. */
export function uniqueMountIdOf(fd: number): number | null {
  fstat(fd, stat, STATX_BASIC | STATX_MNT_ID_UNIQUE);
  return (stat.mask & STATX_MNT_ID_UNIQUE) === 0 ? null : stat.mountId;
}

/** Device number of the superblock. */
export function deviceOf(fd: number): { major: number; minor: number } {
  fstat(fd, stat);
  return { major: stat.devMajor, minor: stat.devMinor };
}
