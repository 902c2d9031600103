import { dirname } from "node:path";
import {
  AT_FDCWD,
  cstring,
  EACCES,
  ENOENT,
  EPERM,
  EROFS,
  fstat,
  isSystemError,
  type LockKind,
  libc,
  O_CLOEXEC,
  O_CREAT,
  O_NOFOLLOW,
  O_RDONLY,
  O_RDWR,
  openAt,
  Stat,
  SystemError,
  tryLockFd,
  tryLstatAt,
  writeFd,
} from "@copyup/linux";
import { readText } from "../record/read-text.ts";
import { sleepOrWake, wakeNext } from "./wake-ups.ts";

export interface HeldLock extends Disposable {
  release(): void;
}

export interface LockWish {
  readonly kind: LockKind;
  readonly signal?: AbortSignal | undefined;
  /**
   * For a lock that will be held long: what for, so that others are refused instead of made to wait. Left in the file by a
   * process that was killed, but nobody reads it while the lock is free.
   */
  readonly note?: string | undefined;
  /** Called before each wait with the holder's note (empty if none) and how long we have waited; may throw. */
  readonly whileBusy?: ((note: string, waitedMs: number) => void) | undefined;
}

const LONGEST_WAIT_MS = 10;
const here = new Stat();
const mine = new Stat();

/**
 * Takes a flock, waiting as long as it needs. One descriptor for each taking, so that takers of one process exclude each
 * other too. Null where the file's directory does not exist, or nothing can be created there by this user.
 */
export async function takeLock(path: string, wish: LockWish): Promise<HeldLock | null> {
  const began = performance.now();
  for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    wish.signal?.throwIfAborted();
    const lock = tryLock(path, wish);
    if (lock !== "busy") return lock;
    wish.whileBusy?.(readText(path) ?? "", performance.now() - began);
    await sleepOrWake(path, wait, wish.signal);
  }
}

/** A free lock at once, else as `takeLock`: most are free, and each promise costs as much as a system call. */
export function takeLockSoon(path: string, wish: LockWish): HeldLock | null | Promise<HeldLock | null> {
  wish.signal?.throwIfAborted();
  const lock = tryLock(path, wish);
  return lock === "busy" ? takeLock(path, wish) : lock;
}

/** One try: the lock, null as above, or `busy`. */
export function tryLock(path: string, wish: Pick<LockWish, "kind" | "note">): HeldLock | null | "busy" {
  for (;;) {
    const fd = openLockFile(path);
    if (fd === null) return null;
    let kept = false;
    try {
      if (!tryLockFd(fd, wish.kind)) return "busy";
      // Somebody removed the file (or its layer) between our open and our flock: that lock guards nothing.
      if (tryLstatAt(AT_FDCWD, path, here) === null || !fstat(fd, mine).sameInode(here)) continue;
      if (wish.kind === "exclusive" && (mine.size > 0 || wish.note)) annotate(fd, wish.note ?? "");
      kept = true;
      return heldLock(path, fd, wish.note !== undefined);
    } finally {
      if (!kept) libc.close(fd);
    }
  }
}

/** Asked without an exception: most lock files are not there yet, and the error of every one of them would be made for nothing. */
function openLockFile(path: string): number | null {
  const fd = libc.openat(AT_FDCWD, cstring(path), O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd >= 0) return fd;
  if (fd === -ENOENT) return makeLockFile(path);
  if (![EROFS, EACCES, EPERM].includes(-fd)) throw new SystemError("openat", -fd, path);
  // A store that may only be read: nobody can be locked out there, but a writer elsewhere can be seen.
  return tryReadOnly(path);
}

function makeLockFile(path: string): number | null {
  try {
    const fd = openAt(AT_FDCWD, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
    if (process.geteuid?.() === 0) giveToOwnerOf(dirname(path), fd);
    return fd;
  } catch (error) {
    if (isSystemError(error, ENOENT)) return null;
    if (![EROFS, EACCES, EPERM].some((errno) => isSystemError(error, errno))) throw error;
    return null;
  }
}

/** Root that looks at another user's store must not leave a file there that its user cannot lock. */
function giveToOwnerOf(directory: string, fd: number): void {
  const owner = tryLstatAt(AT_FDCWD, directory);
  const { uid, gid } = fstat(fd);
  // Root of a user namespace may not: then the file is its own, and so is the store.
  if (owner !== null && (owner.uid !== uid || owner.gid !== gid)) libc.fchown(fd, owner.uid, owner.gid);
}

function tryReadOnly(path: string): number | null {
  try {
    return openAt(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function annotate(fd: number, note: string): void {
  libc.ftruncate(fd, 0);
  try {
    if (note) writeFd(fd, Buffer.from(note));
  } catch (error) {
    // A full disk: others then wait instead of being refused.
    if (!isSystemError(error)) throw error;
  }
}

function heldLock(path: string, fd: number, annotated: boolean): HeldLock {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    if (annotated) libc.ftruncate(fd, 0);
    libc.close(fd);
    wakeNext(path);
  };
  return { release, [Symbol.dispose]: release };
}
