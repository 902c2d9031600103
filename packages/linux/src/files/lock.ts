import { AT_FDCWD, LOCK_EX, LOCK_NB, LOCK_SH, O_CREAT, O_NOFOLLOW, O_RDWR } from "../constants.ts";
import { check, EAGAIN } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import type { PathArgument } from "../ffi/memory.ts";
import { openAt } from "./files.ts";

/** flock(2): released by the kernel when the process dies, so a lock that can be taken says that its owner is gone. */
export type LockKind = "shared" | "exclusive";

/** The locked descriptor (close it to unlock), or null where somebody else holds the lock. Creates the file. */
export function tryLockFile(path: PathArgument, kind: LockKind): number | null {
  const fd = openAt(AT_FDCWD, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
  const result = tryLockFd(fd, kind);
  if (result) return fd;
  libc.close(fd);
  return null;
}

export function tryLockFd(fd: number, kind: LockKind): boolean {
  const result = libc.flock(fd, (kind === "shared" ? LOCK_SH : LOCK_EX) | LOCK_NB);
  if (result === -EAGAIN) return false;
  check(result, "flock");
  return true;
}
