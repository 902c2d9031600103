import { AT_FDCWD, lstatAt, type MountInfo, readMountInfo, STATX_BASIC, STATX_MNT_ID, Stat } from "@copyup/linux";

/** How mountinfo shows a bind of a directory: device of its filesystem, and the directory's path in that filesystem. */
export interface BindRoot {
  readonly major: number;
  readonly minor: number;
  readonly root: string;
}

/** Null where the directory, or the mount it is on, cannot be seen. */
export function bindRootOf(directory: string): BindRoot | null {
  const stat = new Stat();
  try {
    lstatAt(AT_FDCWD, directory, stat, STATX_BASIC | STATX_MNT_ID);
  } catch {
    return null;
  }
  for (const entry of readMountInfo()) {
    if (entry.id !== stat.mountId) continue;
    const inside = entry.target === "/" ? directory : directory.slice(entry.target.length);
    return { major: entry.major, minor: entry.minor, root: entry.root === "/" ? inside : entry.root + inside };
  }
  return null;
}

/** Is that a mount of the directory, or of one inside it? */
export function isBindOf(mount: MountInfo, bind: BindRoot): boolean {
  if (mount.major !== bind.major || mount.minor !== bind.minor) return false;
  return mount.root === bind.root || mount.root.startsWith(`${bind.root}/`);
}
