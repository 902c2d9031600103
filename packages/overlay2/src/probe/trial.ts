import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Directory, Finding, OverlayStep } from "@copyup/core";
import {
  closeFd,
  detachedOverlay,
  fstatfs,
  isSystemError,
  noTrialFinding,
  plantTrialLower,
  ST_RDONLY,
  type SystemError,
  unionFindings,
} from "@copyup/linux";
import type { OverlayDialect } from "../dialect.ts";
import { mountOptions } from "../mount-options.ts";
import { inUseFinding } from "./in-use.ts";
import { marksOf } from "./marks.ts";

/**
 * Mounts an overlay for trial on fresh directories and uses it. It is attached nowhere, so no other process sees it, nothing
 * is to be unmounted, and it goes with its descriptor even if we are killed.
 */
export function trialFindings(directory: Directory, dialect: OverlayDialect): Finding[] {
  let dir: string;
  try {
    dir = mkdtempSync(join(directory.path, ".copyup-trial-"));
  } catch (error) {
    return [noTrialFinding(directory, error as Error)];
  }
  try {
    return tryOverlay(layOut(dir, dialect), directory, dialect);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function layOut(dir: string, dialect: OverlayDialect): OverlayStep & { upper: string; work: string } {
  const [lower, upper, work] = ["lower", "upper", "work"].map((name) => join(dir, name)) as [string, string, string];
  for (const made of [upper, work]) mkdirSync(made);
  plantTrialLower(lower);
  return { type: "overlay", lowers: [lower], upper, work, options: mountOptions(dialect, { xino: null }) };
}

function tryOverlay(step: ReturnType<typeof layOut>, directory: Directory, dialect: OverlayDialect): Finding[] {
  let mount: number;
  try {
    mount = detachedOverlay(step);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [refused(error, directory, dialect)];
  }
  try {
    const writable = (fstatfs(mount).flags & ST_RDONLY) === 0;
    const mounted: Finding = {
      feature: "mount",
      ok: writable,
      required: true,
      kind: "unsuitable-fs",
      evidence: `an overlay with ${step.options.join(",")} was mounted${writable ? "" : ", but read-only"} on ${directory.filesystem}`,
      fix: writable ? null : "the kernel's log (`dmesg`) says what it could not write",
    };
    if (!writable) return [mounted];
    const { upper } = step;
    const fix = "put the store on ext4, xfs (ftype=1), btrfs or tmpfs, or use plain-copy";
    return [mounted, ...unionFindings({ mount, upper, ...marksOf(upper, dialect), fix }), inUseFinding(step)];
  } finally {
    closeFd(mount);
  }
}

function refused(error: SystemError, directory: Directory, dialect: OverlayDialect): Finding {
  const privilege = error.code === "EPERM" || error.code === "EACCES";
  return {
    feature: "mount",
    ok: false,
    required: true,
    kind: privilege ? "prerequisite" : error.code === "ENODEV" ? "unsupported" : "unsuitable-fs",
    evidence: `mounting an overlay on ${directory.path} (${directory.filesystem}) was refused: ${error.message}`,
    fix: privilege ? privilegeFix(dialect) : filesystemFix(directory),
  };
}

function privilegeFix(dialect: OverlayDialect): string {
  return dialect === "overlay-user"
    ? "make the user namespace with a mount namespace of its own, as `copyup unshare -- COMMAND` does"
    : "a container needs CAP_SYS_ADMIN and a seccomp and AppArmor profile that let it mount";
}

function filesystemFix({ filesystem }: Directory): string {
  return filesystem === "overlay"
    ? "this is a container's own root: put the store on a volume (docker run -v), or use plain-copy"
    : "put the store on ext4, xfs, btrfs or tmpfs, or use plain-copy";
}
