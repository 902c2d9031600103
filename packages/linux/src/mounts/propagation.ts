import { AT_EMPTY_PATH, MS_PRIVATE } from "../constants.ts";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, pin } from "../ffi/memory.ts";

/** struct mount_attr: attr_set, attr_clr, propagation, userns_fd. */
const ATTRIBUTES_BYTES = 32;
const privately = pin(ATTRIBUTES_BYTES);
privately.buffer.writeUInt32LE(MS_PRIVATE, 16);
const empty = pin(1);

/**
 * Makes an ATTACHED mount private by its descriptor. A detached one is private already, and attaching it where the parent is
 * shared (systemd makes `/` shared) makes it shared again, whatever was set before (seen on 6.18).
 */
export function makeMountPrivate(mountFd: number): void {
  // Since 5.12, and older seccomp filters answer EPERM for what they don't know; mount(2) walks a path in /proc, at four times the cost.
  if (libc.mountSetattr(mountFd, empty.ptr, AT_EMPTY_PATH, privately.ptr, ATTRIBUTES_BYTES) === 0) return;
  check(libc.mount(0, cstring(`/proc/self/fd/${mountFd}`), 0, MS_PRIVATE, 0), "mount MS_PRIVATE");
}
