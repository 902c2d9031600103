import { cstringOfBytes, EPERM, libc, O_CLOEXEC, O_NOATIME, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "@copyup/linux";

/** Non-blocking, so that a fifo put in a file's place since it was looked at does not stop us. */
const FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
let noAtime = O_NOATIME;

/** A regular file for reading, its access time left alone where the kernel allows that; the descriptor or minus errno. */
export function openFile(dirfd: number, name: string): number {
  const fd = libc.openat(dirfd, cstringOfBytes(name), FLAGS | noAtime, 0);
  if (fd !== -EPERM || noAtime === 0) return fd;
  // Only the owner and root may: an ordinary user who meets another's file does without from then on.
  noAtime = 0;
  return libc.openat(dirfd, cstringOfBytes(name), FLAGS, 0);
}
