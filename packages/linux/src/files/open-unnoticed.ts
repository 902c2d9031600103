import { O_CLOEXEC, O_NOATIME, O_RDONLY } from "../constants.ts";
import { EPERM } from "../errors.ts";
import { libc } from "../ffi/libc.ts";

let noAtime = O_NOATIME;

/** For reading, its access time left alone where the kernel allows that. By address; the descriptor or minus errno. */
export function openUnnoticed(dirfd: number, pathPtr: number, flags: number): number {
  const fd = libc.openat(dirfd, pathPtr, O_RDONLY | O_CLOEXEC | flags | noAtime, 0);
  if (fd !== -EPERM || noAtime === 0) return fd;
  // Only the owner and root may: an ordinary user who meets another's file does without from then on.
  noAtime = 0;
  return libc.openat(dirfd, pathPtr, O_RDONLY | O_CLOEXEC | flags, 0);
}
