import { randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { type AufsStep, aufsCalls } from "@copyup/core";
import { AT_FDCWD, AUFS_SUPER_MAGIC, MS_RDONLY, MS_REMOUNT, O_NOFOLLOW, O_PATH, ST_RDONLY } from "../constants.ts";
import { libc } from "../ffi/libc.ts";
import { openAt } from "../files/files.ts";
import { fstatfs } from "../files/statfs.ts";
import { checkAufsBranches } from "./aufs-branches.ts";
import { mount2, unmount } from "./calls.ts";
import { withKernelLog } from "./kernel-log.ts";
import { mountIdOf } from "./mount-id.ts";
import { mismatch } from "./overlay-verify.ts";
import { makeMountPrivate } from "./propagation.ts";

/**
 * Mounts an aufs at `target`, appends the branches that its first page has no room for, and compares what the kernel has
 * mounted with what was asked for. Private. Nothing stays mounted when it throws. Gives an O_PATH descriptor of the mount.
 * mount(2) and not fsconfig, where a value has 255 bytes. Throws SystemError and `MOUNT_MISMATCH`.
 */
export function mountAufs(step: AufsStep, target: string): number {
  const { mount, appends } = aufsCalls(step, newTable(step.xino));
  const readonly = step.readonly ? MS_RDONLY : 0;
  explained(() => mount2("none", target, "aufs", readonly, mount));
  try {
    for (const data of appends) explained(() => mount2("none", target, "aufs", MS_REMOUNT | readonly, data));
    const fd = openAt(AT_FDCWD, target, O_PATH | O_NOFOLLOW);
    try {
      makeMountPrivate(fd);
      checkAufs(fd, step, target);
      return fd;
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  } catch (error) {
    unmount(target);
    throw error;
  }
}

/** Throws `MOUNT_MISMATCH`. */
export function checkAufs(mountFd: number, step: AufsStep, target: string): void {
  const { type, flags } = fstatfs(mountFd);
  if (type !== AUFS_SUPER_MAGIC)
    throw mismatch(target, `there is no aufs but a filesystem of type 0x${type.toString(16)}`);
  const readonly = (flags & ST_RDONLY) !== 0;
  if (readonly !== step.readonly)
    throw mismatch(target, `it is ${readonly ? "read-only" : "writable"} and was to be the other`);
  checkAufsBranches(mountIdOf(mountFd), step, target);
}

/** A name that is not there yet, in the first of these directories that can be written. */
function newTable(directories: readonly string[]): string | null {
  const directory = directories.find(isWritable);
  return directory === undefined ? null : `${directory}/.aufs-${randomBytes(9).toString("hex")}.xino`;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** aufs says why in the kernel's log only. A refused mount made nothing, so it may be asked for once more. */
function explained(mount: () => void): void {
  withKernelLog("aufs", mount);
}
