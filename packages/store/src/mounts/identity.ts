import {
  AT_FDCWD,
  isSystemError,
  lstatAt,
  type MountIds,
  STATX_BASIC,
  STATX_MNT_ID,
  STATX_MNT_ID_UNIQUE,
  Stat,
} from "@copyup/linux";

/** Which mount it is that stands at a path. */
export type MountIdentity = MountIds;

const stat = new Stat();

/** Does not follow a symlink at the end. Throws SystemError. */
export function identify(path: string): MountIdentity {
  lstatAt(AT_FDCWD, path, stat, STATX_BASIC | STATX_MNT_ID);
  const { mountId: id, devMajor: major, devMinor: minor } = stat;
  lstatAt(AT_FDCWD, path, stat, STATX_MNT_ID_UNIQUE);
  const uniqueId = (stat.mask & STATX_MNT_ID_UNIQUE) === 0 ? null : stat.mountId;
  return { id, uniqueId, major, minor };
}

/** Null where nothing can be reached there. */
export function tryIdentify(path: string): MountIdentity | null {
  try {
    return identify(path);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

export function sameMount(a: MountIdentity, b: MountIdentity): boolean {
  if (a.uniqueId !== null && b.uniqueId !== null) return a.uniqueId === b.uniqueId;
  return a.id === b.id && a.major === b.major && a.minor === b.minor;
}

type Device = Pick<MountIdentity, "major" | "minor">;

export function sameSuperblock(a: Device, b: Device): boolean {
  return a.major === b.major && a.minor === b.minor;
}
