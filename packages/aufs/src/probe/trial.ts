import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AufsStep, Directory, Finding } from "@copyup/core";
import { AT_FDCWD, closeFd, detachedAufs, isSystemError, openDirectoryAt, type SystemError } from "@copyup/linux";
import { MOUNT_OPTIONS } from "../mount-options.ts";
import { copyUpFinding, opaqueFinding, whiteoutFinding } from "./marks.ts";

/** Mounts an aufs for trial on fresh directories, attached nowhere, and uses it. */
export function trialFindings(directory: Directory): Finding[] {
  let dir: string;
  try {
    dir = mkdtempSync(join(directory.path, ".copyup-trial-"));
  } catch (error) {
    return [unwritable(directory, error as Error)];
  }
  try {
    const [lower, upper] = [join(dir, "lower"), join(dir, "upper")];
    for (const made of [lower, upper, join(lower, "replaced")]) mkdirSync(made);
    for (const file of ["edited", "deleted", "replaced/hidden"]) writeFileSync(join(lower, file), "lower");
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
    return [
      mounted(directory, null),
      whiteoutFinding(mount, upper),
      opaqueFinding(mount, upper),
      copyUpFinding(mount, upper),
    ];
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

function unwritable({ path }: Directory, error: Error): Finding {
  return {
    feature: "mount",
    ok: false,
    required: true,
    kind: "prerequisite",
    evidence: `no directory can be made in ${path}: ${error.message}`,
    fix: "choose a directory this user may write, on a filesystem mounted writable",
  };
}
