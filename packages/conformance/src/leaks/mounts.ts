import { isSystemError, type MountInfo, readMountInfo, unmount } from "@copyup/linux";

/** What is mounted in this process's namespace, by mount id and target (ids are reused). */
export function mountsNow(): ReadonlyMap<string, MountInfo> {
  return new Map([...readMountInfo()].map((mount) => [`${mount.id} ${mount.target}`, mount]));
}

export function newMounts(before: ReadonlyMap<string, MountInfo>): MountInfo[] {
  return [...mountsNow()].filter(([key]) => !before.has(key)).map(([, mount]) => mount);
}

export function tellMount(mount: MountInfo): string {
  return `mount left: ${mount.type} at ${mount.target}`;
}

/**
 * Unmounts everything at or below a directory of ours, the newest first: plainly, and where that is refused lazily, because
 * what holds it is our own leak. Gives what is still there.
 */
export function unmountBelow(directory: string): MountInfo[] {
  if (!directory.startsWith("/") || directory === "/") throw new RangeError(`will not unmount below "${directory}"`);
  const inside = () =>
    [...readMountInfo()].filter((m) => m.target === directory || m.target.startsWith(`${directory}/`));
  for (const lazy of [false, true]) for (const mount of inside().reverse()) tryUnmount(mount.target, lazy);
  return inside();
}

function tryUnmount(target: string, lazy: boolean): void {
  try {
    unmount(target, lazy);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
