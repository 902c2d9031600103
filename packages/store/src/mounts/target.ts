import path from "node:path";
import { StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  AT_STATX_DONT_SYNC,
  isSystemError,
  mountIdsAfter,
  O_DIRECTORY,
  O_PATH,
  openAt,
  readlinkAt,
  STATX_ATTR_MOUNT_ROOT,
  STATX_BASIC,
  STATX_MNT_ID,
  Stat,
  tryLstatAt,
  withFd,
} from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import type { MountIdentity } from "./identity.ts";

/** A mount's target, and what stands there before it. */
export interface Target {
  readonly path: string;
  readonly under: MountIdentity;
  /** It is itself the root of a mount. */
  readonly isMount: boolean;
}

/**
 * The target as mountinfo will show it: absolute, the directories above it resolved once. BAD_TARGET unless it is an
 * existing directory (a symlink is none: what it leads to could be exchanged under us) outside the store.
 */
export function resolveTarget(context: StoreContext, target: string, layer: string): Target {
  const bad = (message: string, hint?: string) =>
    new StorageError({
      code: "BAD_TARGET",
      op: "mount",
      driver: context.driver.name,
      layer,
      path: target,
      message,
      hint,
    });
  if (target === "" || target.includes("\0")) throw bad("the target is empty or holds a NUL byte");
  const resolved = resolveParent(target);
  const stat = resolved === null ? null : tryLstatAt(AT_FDCWD, resolved, looked, LOOK, AT_STATX_DONT_SYNC);
  if (resolved === null || stat === null) throw bad(`${target} does not exist`, `make it first: mkdir -p ${target}`);
  if (stat.type === "symlink") throw bad(`${target} is a symlink`, "name the directory it leads to");
  if (stat.type !== "directory") throw bad(`${target} is not a directory`);
  const { root, mountPoints } = context.layout;
  const inside = isInside(resolved, root) && !(isInside(resolved, mountPoints) && resolved !== mountPoints);
  if (inside) throw bad(`${target} lies inside the store`, "mount it outside, or give no target");
  if (isInside(root, resolved)) throw bad(`${target} holds the store: the mount would hide it`, "mount it elsewhere");
  const isMount = (stat.attributes & STATX_ATTR_MOUNT_ROOT) !== 0;
  return { path: resolved, under: mountIdsAfter(stat, resolved), isMount };
}

const looked = new Stat();
const LOOK = STATX_BASIC | STATX_MNT_ID;

/** For unmounting: as above as far as it can be said; the target may have become unreachable. */
export function likelyTarget(target: string): string {
  return resolveParent(target) ?? path.resolve(target);
}

function resolveParent(target: string): string | null {
  const absolute = path.resolve(target);
  if (absolute === "/") return absolute;
  const slash = absolute.lastIndexOf("/");
  const name = absolute.slice(slash + 1);
  if (slash === 0) return `/${name}`;
  try {
    const fd = openAt(AT_FDCWD, absolute.slice(0, slash), O_PATH | O_DIRECTORY);
    // The kernel has resolved it; a directory removed meanwhile is told by a path where nothing is.
    const parent = withFd(fd, (open) => readlinkAt(AT_FDCWD, `/proc/self/fd/${open}`).toString());
    return parent === "/" ? `/${name}` : `${parent}/${name}`;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer === "/" ? "/" : `${outer}/`);
}
