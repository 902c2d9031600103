import { type MountInfo, readMountInfo } from "@copyup/linux";
import { type MountIdentity, standsAt } from "./identity.ts";

/** Where a recorded mount of this namespace is now; null where it is no more. */
export function locate(mount: MountIdentity, target: string): string | null {
  if (standsAt(target, mount)) return target;
  // Covered by another mount, or a directory above it was renamed: then only mountinfo knows it. Mount ids are reused, so
  // id and target must both agree, unless the id that never is can be compared.
  for (const entry of readMountInfo()) {
    if (entry.id !== mount.id) continue;
    if (standsAt(entry.target, mount)) return entry.target;
    if (entry.target === target && sameDevice(entry, mount)) return entry.target;
  }
  return null;
}

function sameDevice(entry: MountInfo, mount: MountIdentity): boolean {
  return entry.major === mount.major && entry.minor === mount.minor;
}
