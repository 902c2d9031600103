import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AufsStep, Directory, Finding } from "@copyup/core";
import {
  AT_FDCWD,
  closeFd,
  detachedAufs,
  isSystemError,
  noTrialFinding,
  openDirectoryAt,
  plantTrialLower,
  type SystemError,
  unionFindings,
} from "@copyup/linux";
import { MOUNT_OPTIONS } from "../mount-options.ts";
import { marksOf } from "./marks.ts";

/** Mounts an aufs for trial on fresh directories, attached nowhere, and uses it. */
export function trialFindings(directory: Directory): Finding[] {
  let dir: string;
  try {
    dir = mkdtempSync(join(directory.path, ".copyup-trial-"));
  } catch (error) {
    return [noTrialFinding(directory, error as Error)];
  }
  try {
    const [lower, upper] = [join(dir, "lower"), join(dir, "upper")];
    mkdirSync(upper);
    plantTrialLower(lower);
    return tryAufs(lower, upper, directory);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function tryAufs(lower: string, upper: string, directory: Directory): Finding[] {
  const open: number[] = [];
  // By descriptor, because a value of the new mount API has 255 bytes.
  const named = (path: string) => {
    const fd = openDirectoryAt(AT_FDCWD, path);
    open.push(fd);
    return `/proc/self/fd/${fd}`;
  };
  try {
    const branches = [
      { path: named(upper), permission: "rw" },
      { path: named(lower), permission: "ro+wh" },
    ] as const;
    const step: AufsStep = { type: "aufs", branches, readonly: false, options: MOUNT_OPTIONS, xino: [] };
    open.push(detachedAufs(step));
    const mount = open.at(-1) as number;
    const fix = "put the store on ext4, xfs or tmpfs, or use plain-copy";
    return [mounted(directory, null), ...unionFindings({ mount, upper, ...marksOf(upper), fix })];
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [mounted(directory, error)];
  } finally {
    for (const fd of open.reverse()) closeFd(fd);
  }
}

function mounted({ path, filesystem }: Directory, error: SystemError | null): Finding {
  const privilege = error?.code === "EPERM" || error?.code === "EACCES";
  return {
    feature: "mount",
    ok: error === null,
    required: true,
    kind: privilege ? "prerequisite" : error?.code === "ENODEV" ? "unsupported" : "unsuitable-fs",
    evidence:
      error === null
        ? `an aufs with ${MOUNT_OPTIONS.join(",")} was mounted on ${filesystem}`
        : `mounting an aufs on ${path} (${filesystem}) was refused: ${error.message}`,
    fix:
      error === null
        ? null
        : privilege
          ? "a container needs CAP_SYS_ADMIN and a seccomp and AppArmor profile that let it mount"
          : "put the store on ext4, xfs or tmpfs; the kernel's log (`dmesg`) may say more",
  };
}
