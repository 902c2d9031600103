import { StorageError } from "@copyup/core";
import { AT_FDCWD } from "../constants.ts";
import { AT_STATX_DONT_SYNC, STATX_BASIC, Stat, tryLstatAt } from "../files/statx.ts";

/**
 * BAD_TARGET unless it is an existing directory, by an absolute path. mount(2) would follow a symlink, and its ENOTDIR or ENOENT could
 * as well be about a layer's directory. move_mount(2) follows none and is about the target alone: there it is asked after a failure.
 */
export function checkTarget(target: string): void {
  const stat = target.startsWith("/")
    ? tryLstatAt(AT_FDCWD, target, new Stat(), STATX_BASIC, AT_STATX_DONT_SYNC)
    : null;
  if (stat?.type === "directory") return;
  throw new StorageError({
    code: "BAD_TARGET",
    op: "mount",
    path: target,
    message:
      stat === null
        ? `${target} does not exist, or is not an absolute path`
        : `${target} is a ${stat.type}, not a directory`,
    hint: "the mount target is an existing directory",
  });
}
