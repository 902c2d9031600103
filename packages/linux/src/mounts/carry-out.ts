import { type MountPlan, type MountStep, StorageError } from "@copyup/core";
import { libc } from "../ffi/libc.ts";
import { mountBind } from "./bind.ts";
import { unmount } from "./calls.ts";
import { checkTarget } from "./check-target.ts";
import { mountByDaemon } from "./daemon/mount-by-daemon.ts";
import type { ProcessIdentity } from "./holders.ts";
import { mountAufs } from "./mount-aufs.ts";
import { mountFailure } from "./mount-failure.ts";
import { type MountIds, mountIdsOf } from "./mount-id.ts";
import { mountOverlay } from "./overlay-ladder.ts";
import type { OverlayRung } from "./overlay-rung.ts";

/** What a plan became. */
export interface CarriedOut {
  /** Where the tree is: the target, or for a `path` step the directory itself. */
  readonly path: string;
  /** False when `path` is the directory itself and there is nothing to unmount. */
  readonly mounted: boolean;
  /** The overlay's rung, `aufs`, `bind`, `bind by mount(2)`, `daemon` or `path`. */
  readonly how: string;
  /** The process that serves the mount: it ends by itself after the unmount, and whoever unmounts waits for that. */
  readonly daemon: ProcessIdentity | null;
  /** Of the topmost mount; null when nothing was mounted. */
  readonly mount: MountIds | null;
}

export interface CarryOutOptions {
  /** For tests: this way of mounting an overlay, whether it is the best one or not. */
  readonly rung?: OverlayRung;
}

/**
 * Carries a plan out at `target`, an existing directory (absolute path, no symlink at the end). All or nothing: when a step
 * fails, those before it are undone. Every mount it makes is private. Undo with `unmount(target)`, once for each mount step.
 *
 * Throws `BAD_TARGET`, `TOO_MANY_LAYERS`, `MOUNT_FAILED` with the kernel's sentence, `MOUNT_MISMATCH`.
 */
export function carryOut(plan: MountPlan, target: string, options: CarryOutOptions = {}): CarriedOut {
  let done: CarriedOut | null = null;
  let mounts = 0;
  try {
    for (const step of plan.steps) {
      done = step.type === "path" ? pathOnly(step.source) : mountStep(step, target, options);
      if (done.mounted) mounts++;
    }
  } catch (error) {
    for (; mounts > 0; mounts--) unmount(target);
    throw error;
  }
  if (done === null)
    throw new StorageError({ code: "MOUNT_FAILED", op: "mount", path: target, message: "the mount plan has no steps" });
  return done;
}

function pathOnly(source: string): CarriedOut {
  return { path: source, mounted: false, how: "path", daemon: null, mount: null };
}

function mountStep(step: Exclude<MountStep, { type: "path" }>, target: string, options: CarryOutOptions): CarriedOut {
  try {
    if (step.type === "overlay") {
      const { fd, rung } = mountOverlay(step, target, options.rung);
      return carriedOut(fd, target, rung);
    }
    checkTarget(target);
    if (step.type === "bind") {
      const { fd, how } = mountBind(step, target);
      return carriedOut(fd, target, how);
    }
    if (step.type === "daemon") {
      const { fd, daemon } = mountByDaemon(step, target);
      return carriedOut(fd, target, "daemon", daemon);
    }
    return carriedOut(mountAufs(step, target), target, "aufs");
  } catch (error) {
    throw mountFailure(error, whatOf(step), target, step.type === "overlay" ? step.work : null);
  }
}

function whatOf(step: MountStep): string {
  if (step.type === "bind") return `the bind of ${step.source}`;
  if (step.type === "aufs") return "the aufs mount";
  return step.type === "daemon" ? `the mount by ${step.argv[0]}` : "the overlay mount";
}

function carriedOut(fd: number, target: string, how: string, daemon: ProcessIdentity | null = null): CarriedOut {
  try {
    return { path: target, mounted: true, how, daemon, mount: mountIdsOf(fd) };
  } finally {
    libc.close(fd);
  }
}
