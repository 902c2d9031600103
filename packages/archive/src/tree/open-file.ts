import { cstringOfBytes, O_NOFOLLOW, O_NONBLOCK, openUnnoticed } from "@copyup/linux";

/**
 * A regular file for reading, its access time left alone; the descriptor or minus errno. Non-blocking, so that a fifo put in a
 * file's place since it was looked at does not stop us.
 */
export function openFile(dirfd: number, name: string): number {
  return openUnnoticed(dirfd, cstringOfBytes(name), O_NOFOLLOW | O_NONBLOCK);
}
