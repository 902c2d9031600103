import { isMountAt, isSystemError, type MountIds, mountIdsAt } from "@copyup/linux";

/** Which mount it is that stands at a path. */
export type MountIdentity = MountIds;

/** Does not follow a symlink at the end; answers also where a FUSE daemon is dead. Throws SystemError. */
export const identify: (path: string) => MountIdentity = mountIdsAt;

/** Null where nothing can be reached there. */
export function tryIdentify(path: string): MountIdentity | null {
  try {
    return identify(path);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** Does that mount stand there? Null where nothing can be reached. */
export function standsAt(path: string, mount: MountIdentity): boolean | null {
  try {
    return isMountAt(path, mount);
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
