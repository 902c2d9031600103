import type { BindStep } from "@copyup/core";
import { AT_FDCWD, O_NOFOLLOW, O_PATH, ST_RDONLY } from "../constants.ts";
import { ENOSYS, EPERM, isSystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { openAt } from "../files/files.ts";
import { fstatfs } from "../files/statfs.ts";
import { attachMount, bindMount, cloneTree, setMountAttributes, unmount } from "./calls.ts";
import { mismatch } from "./overlay-verify.ts";
import { makeMountPrivate } from "./propagation.ts";

/**
 * Binds one directory at `target`, private, verified; gives an O_PATH descriptor of the mount and how it was made. With the
 * new API the read-only flag is there before the mount can be seen. Throws SystemError and `MOUNT_MISMATCH`.
 */
export function mountBind(step: BindStep, target: string): { fd: number; how: string } {
  const clone = cloneTree(step.source);
  try {
    if (step.readonly) setMountAttributes(clone, { readonly: true });
    attachMount(clone, target);
  } catch (error) {
    libc.close(clone);
    // mount_setattr came with 5.12, and older seccomp filters answer EPERM for what they don't know.
    const missing = isSystemError(error) && error.syscall === "mount_setattr" && [ENOSYS, EPERM].includes(error.errno);
    if (!missing) throw error;
    return { fd: bindWithMount2(step, target), how: "bind by mount(2)" };
  }
  return { fd: settled(clone, step, target), how: "bind" };
}

function bindWithMount2(step: BindStep, target: string): number {
  bindMount(step.source, target, step.readonly);
  let fd: number;
  try {
    fd = openAt(AT_FDCWD, target, O_PATH | O_NOFOLLOW);
  } catch (error) {
    unmount(target);
    throw error;
  }
  return settled(fd, step, target);
}

function settled(fd: number, step: BindStep, target: string): number {
  try {
    makeMountPrivate(fd);
    const readonly = (fstatfs(fd).flags & ST_RDONLY) !== 0;
    if (step.readonly && !readonly) throw mismatch(target, "the bind is writable and was to be read-only");
    if (!step.readonly && readonly)
      throw mismatch(target, "the bind is read-only: the store's filesystem is mounted read-only");
    return fd;
  } catch (error) {
    libc.close(fd);
    unmount(target);
    throw error;
  }
}
