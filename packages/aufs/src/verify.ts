import { type AufsStep, type Mounted, StorageError } from "@copyup/core";
import { AT_FDCWD, aufsBranches, aufsSuperblock, mountIdOf, O_PATH, openAt, statfs, withFd } from "@copyup/linux";

const ST_RDONLY = 1;

/**
 * Is the mount what was planned? Also asked for a bind of a mount that is there already; then a view's nearest branch may be
 * writable below the read-only bind. Throws `MOUNT_MISMATCH`.
 */
export function verifyMount({ plan, mode, target }: Mounted): void {
  const [step] = plan.steps;
  if (step?.type !== "aufs") throw new TypeError("a plan of aufs has one aufs step");
  const readonly = (statfs(target).flags & ST_RDONLY) !== 0;
  if (readonly !== (mode === "ro")) throw mismatch(target, `it is ${readonly ? "read-only" : "writable"}`);
  const superblock = aufsSuperblock(withFd(openAt(AT_FDCWD, target, O_PATH), mountIdOf));
  const found = superblock === null ? null : aufsBranches(superblock);
  if (found === null) throw mismatch(target, "no branches of an aufs can be seen there");
  const odd = firstOdd(step, found);
  if (odd !== null) throw mismatch(target, odd);
}

function firstOdd({ branches }: AufsStep, found: readonly string[]): string | null {
  if (found.length !== branches.length) return `it has ${found.length} branches and was to have ${branches.length}`;
  for (const [i, { path, permission }] of branches.entries()) {
    const allowed = i === 0 && permission === "ro+wh" ? [permission, "rw"] : [permission];
    if (!allowed.some((word) => found[i] === `${path}=${word}`))
      return `branch ${i} is ${found[i]} and was to be ${path}=${permission}`;
  }
  return null;
}

function mismatch(target: string, what: string): StorageError {
  return new StorageError({
    code: "MOUNT_MISMATCH",
    op: "mount",
    driver: "aufs",
    path: target,
    message: `the mount at ${target} is not what was asked for: ${what}`,
  });
}
