import { type OverlayStep, StorageError } from "@copyup/core";
import { OVERLAYFS_SUPER_MAGIC, ST_RDONLY } from "../constants.ts";
import { fstatfs } from "../files/statfs.ts";
import { readMountInfo } from "./mountinfo.ts";

/**
 * Is a fresh overlay what was asked for? The kernel mounts READ-ONLY, with success, when it cannot write the work directory
 * (an immutable one, seen on 6.18). Throws `MOUNT_MISMATCH`.
 */
export function checkOverlay(mountFd: number, step: OverlayStep, target: string): void {
  const { type, flags } = fstatfs(mountFd);
  if (type !== OVERLAYFS_SUPER_MAGIC)
    throw mismatch(target, `there is no overlay but a filesystem of type 0x${type.toString(16)}`);
  const readonly = (flags & ST_RDONLY) !== 0;
  if (readonly && step.upper !== null) {
    throw mismatch(
      target,
      "the kernel made it read-only: it could not write the work directory",
      `look at \`lsattr -d ${step.work}\` and what is in it; the kernel's log (\`dmesg\`) may say more`,
    );
  }
  if (!readonly && step.upper === null) throw mismatch(target, "it is writable and was to be read-only");
}

/**
 * Are all lowers there? mount(2) cuts its options at 4,095 bytes and reports success (5.10 to 7.2: of 35 layers 30 were
 * mounted), so what it made is counted. Where each directory was a call of its own the kernel has answered for each.
 */
export function checkLowers(mountId: number, step: OverlayStep, target: string): void {
  for (const mount of readMountInfo()) {
    if (mount.id !== mountId) continue;
    const found = countLowers(mount.superOptions);
    if (found === step.lowers.length) return;
    throw mismatch(target, `it has ${found} lower directories and was to have ${step.lowers.length}`);
  }
  throw mismatch(target, `mountinfo does not show mount ${mountId}`);
}

/** How many lowers an overlay's options in mountinfo (unescaped but for these) name. */
export function countLowers(superOptions: string): number {
  let count = 0;
  for (const option of superOptions.split(",")) {
    if (option.startsWith("lowerdir+=")) count++;
    // A colon that was escaped in the options is shown behind a backslash, which mountinfo writes \134.
    else if (option.startsWith("lowerdir="))
      count += option.replaceAll("\\134\\134", "").replaceAll("\\134:", "").split(":").length;
  }
  return count;
}

export function mismatch(target: string, message: string, hint?: string): StorageError {
  return new StorageError({
    code: "MOUNT_MISMATCH",
    op: "mount",
    path: target,
    message: `the mount at ${target} is not what was asked for: ${message}`,
    hint,
  });
}
