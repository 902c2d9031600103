import {
  AT_FDCWD,
  isSystemError,
  listDirectory,
  type MountInfo,
  readlinkAt,
  readMountInfo,
  unescapeMountField,
} from "@copyup/linux";

/** What is mounted in all mount namespaces that can be seen; each namespace is looked at once. */
export function allMounts(): MountInfo[] {
  const seen = new Set<string>();
  const mounts: MountInfo[] = [];
  for (const pid of listDirectory("/proc")) {
    if (!/^[0-9]+$/.test(pid)) continue;
    try {
      const namespace = readlinkAt(AT_FDCWD, `/proc/${pid}/ns/mnt`).toString();
      if (seen.has(namespace)) continue;
      mounts.push(...readMountInfo(Number(pid)));
      seen.add(namespace);
    } catch (error) {
      // It ended, or is another user's.
      if (!isSystemError(error)) throw error;
    }
  }
  return mounts;
}

/**
 * Where a container's layer is mounted, null if it is not: its name (32 letters and more) stands in the mount's root, in its
 * target, or in overlay's upperdir.
 */
export function mountOf(id: string, mounts: readonly MountInfo[]): string | null {
  const named = (path: string) => path.split("/").includes(id);
  const upper = ({ superOptions }: MountInfo) =>
    /(?:^|,)upperdir=([^,]*)/.exec(unescapeMountField(superOptions))?.[1] ?? "";
  return mounts.find((mount) => named(mount.root) || named(mount.target) || named(upper(mount)))?.target ?? null;
}
