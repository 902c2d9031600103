import { EINVAL, ENOSYS, ENOTCONN, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { pin } from "../ffi/memory.ts";
import { makeDev } from "../files/files.ts";

const answer = pin(64);

/**
 * Does any superblock with that device number live, visibly mounted or not? ustat(2) looks through the kernel's own list, so
 * a lazily unmounted one with open files is found too (seen on 6.18). `false` is certain. `true` may be a later superblock
 * that got the same number: ask further. Null where the call does not exist (arm64).
 */
export function superblockAlive(device: { major: number; minor: number }): boolean | null {
  const result = libc.ustat(makeDev(device.major, device.minor), answer.ptr);
  // ustat asks the filesystem for its size, and a FUSE daemon that is dead does not answer: but its superblock is there.
  if (result === 0 || result === -ENOTCONN) return true;
  if (result === -EINVAL) return false;
  if (result === -ENOSYS) return null;
  throw new SystemError("ustat", -result);
}
