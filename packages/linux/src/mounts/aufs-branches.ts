import type { AufsStep } from "@copyup/core";
import { AT_FDCWD } from "../constants.ts";
import { ENOENT, isSystemError } from "../errors.ts";
import { listDirectory } from "../files/directory.ts";
import { readWholeFile } from "../files/files.ts";
import { type MountInfo, readMountInfo, unescapeMountField } from "./mountinfo.ts";
import { mismatch } from "./overlay-verify.ts";

/** Where aufs shows what it has mounted: a directory `si_…` for each superblock, and in it `br0`, `br1`, … */
const SYSFS = "/sys/fs/aufs";

/** The `si=…` of a mount, by which its branches are found in sysfs: mountinfo shows no more of them. Null where it is no aufs. */
export function aufsSuperblock(mountId: number): string | null {
  for (const mount of readMountInfo()) if (mount.id === mountId) return superblockOf(mount);
  return null;
}

/** The branches of a line of mountinfo, as aufsBranches gives them; null where it is no aufs, or they cannot be seen. */
export function aufsBranchesOf(mount: Pick<MountInfo, "type" | "superOptions">): string[] | null {
  const superblock = superblockOf(mount);
  return superblock === null ? null : aufsBranches(superblock);
}

function superblockOf({ type, superOptions }: Pick<MountInfo, "type" | "superOptions">): string | null {
  return type === "aufs" ? (/(?:^|,)si=([0-9a-f]+)/.exec(superOptions)?.[1] ?? null) : null;
}

/**
 * Every aufs superblock that lives, also a lazily unmounted one with open files; null where this cannot be seen (no sysfs).
 * Empty where the kernel has no aufs.
 */
export function aufsSuperblocks(): string[] | null {
  try {
    return listDirectory(SYSFS).flatMap((name) => (name.startsWith("si_") ? [name.slice(3)] : []));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return isSystemError(error, ENOENT) && sysfsIsThere() ? [] : null;
  }
}

function sysfsIsThere(): boolean {
  try {
    return listDirectory("/sys/fs").length > 0;
  } catch {
    return false;
  }
}

/** The branches of a superblock, nearest first, as `PATH=PERMISSION`; null where it is gone. */
export function aufsBranches(superblock: string): string[] | null {
  const branches: string[] = [];
  for (;;) {
    const file = `${SYSFS}/si_${superblock}/br${branches.length}`;
    try {
      branches.push(unescapeMountField(readWholeFile(AT_FDCWD, file).toString().trimEnd()));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return branches.length === 0 ? null : branches;
    }
  }
}

/**
 * Are a mount's branches what was asked for? mount(2) cuts its options at 4,095 bytes without a word, and aufs then mounts
 * what is left (6.1: 50 of 53 layers, with success). Throws `MOUNT_MISMATCH`.
 */
export function checkAufsBranches(mountId: number, step: AufsStep, target: string): void {
  const superblock = aufsSuperblock(mountId);
  if (superblock === null) throw mismatch(target, "there is no aufs");
  const found = aufsBranches(superblock);
  if (found === null) throw mismatch(target, `its branches cannot be seen in ${SYSFS}`, "mount sysfs at /sys");
  const wanted = step.branches.map(({ path, permission }) => `${path}=${permission}`);
  const odd = wanted.findIndex((branch, i) => branch !== found[i]);
  if (odd >= 0)
    throw mismatch(
      target,
      `branch ${odd} is ${found[odd] ?? "missing"} and was to be ${wanted[odd]} (${found.length} branches of ${wanted.length})`,
    );
  if (found.length > wanted.length)
    throw mismatch(target, `it has ${found.length} branches and was to have ${wanted.length}`);
}
