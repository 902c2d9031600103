import { MS_PRIVATE } from "../constants.ts";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring } from "../ffi/memory.ts";

/**
 * Makes an ATTACHED mount private by its descriptor. A detached one is private already, and attaching it where the parent is
 * shared (systemd makes `/` shared) makes it shared again, whatever was set before (seen on 6.18). mount_setattr could do
 * the same since 5.12; this works on every kernel.
 */
export function makeMountPrivate(mountFd: number): void {
  check(libc.mount(0, cstring(`/proc/self/fd/${mountFd}`), 0, MS_PRIVATE, 0), "mount MS_PRIVATE");
}
