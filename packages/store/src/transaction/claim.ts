import { type LongOptions, removeTree } from "@copyup/archive";
import { AT_FDCWD, EDQUOT, ENOSPC, existsAt, isSystemError, mkdirAt } from "@copyup/linux";
import { type HeldLock, tryLock } from "../locks/take-lock.ts";
import { tryUnlink } from "../record/atomic-write.ts";
import { randomName } from "./random-name.ts";

/**
 * A directory of a random name that belongs to this process as long as it lives: `<room>/<name>` beside `<room>/<name>.lock`,
 * flocked. Whoever can take that lock knows that the owner is dead, without pids, boot ids or namespaces.
 */
export interface Claim {
  /** The claimed name; whether a directory is there is the owner's business. */
  readonly dir: string;
  /** Gives the name up; what lies there is no longer ours (it was renamed away, or is left to the next sweep). */
  release(): void;
  /** Removes what lies there, never across a mount, then gives the name up. */
  discard(options?: LongOptions): Promise<void>;
}

export function claimName(room: string): Claim {
  for (;;) {
    const dir = `${room}/${randomName()}`;
    const lockFile = `${dir}.lock`;
    const lock = lockUnlessFull(lockFile);
    // A sweep that saw our lock file before we had locked it: it removes the file, and we take another name.
    if (lock === "busy") continue;
    const release = () => {
      tryUnlink(lockFile);
      lock?.release();
    };
    return {
      dir,
      release,
      async discard(options) {
        try {
          if (existsAt(AT_FDCWD, dir)) await removeTree(dir, options);
        } finally {
          // Also where the disk is gone: the descriptor would be held, and its filesystem with it, as long as we live.
          release();
        }
      },
    };
  }
}

/**
 * Null on a full disk: there things must still be removed, or it stays full. A sweep may then take the directory for a dead
 * one's and help to remove it, which does no harm; what is being built has no room there anyhow.
 */
function lockUnlessFull(lockFile: string): HeldLock | null | "busy" {
  try {
    return tryLock(lockFile, { kind: "exclusive" });
  } catch (error) {
    if (isSystemError(error, ENOSPC) || isSystemError(error, EDQUOT)) return null;
    throw error;
  }
}

/** The same with the directory made. */
export function claimDirectory(room: string): Claim {
  const claim = claimName(room);
  try {
    mkdirAt(AT_FDCWD, claim.dir, 0o700);
  } catch (error) {
    claim.release();
    throw error;
  }
  return claim;
}
