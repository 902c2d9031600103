import { type Layer, StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  chmodFd,
  copyDirectoryAttributes,
  isSystemError,
  openDirectoryAt,
  removeXattr,
  setMtimeFd,
  withFd,
} from "@copyup/linux";
import { leftOutOfLayers } from "../view/index.ts";

/**
 * The root directory of a base that nothing was put in yet. mkdir's mode went through the umask, and a default ACL of the
 * store's directory came along.
 */
export function newLayerRoot(root: number): void {
  removeXattr(root, "system.posix_acl_default");
  removeXattr(root, "system.posix_acl_access");
  chmodFd(root, 0o755);
  // As for an archive without an entry for its root (layers.md), so that the same base is the same bytes every time.
  setMtimeFd(root, 0, 0);
}

export interface RootLikeOptions {
  readonly driver: string;
  readonly parent: Layer;
  /** The parent's own root directory. */
  readonly from: string;
  /** Which of its xattrs belong to the layer and not to the driver. */
  readonly belongs?: (name: string) => boolean;
}

/**
 * Gives a new layer's root the parent's mode, owner, xattrs and mtime (catalogue LA20). Throws NOT_REPRESENTABLE for what this
 * user cannot set. Other SystemErrors pass: the store knows best whether ENOSPC is of blocks or of inodes.
 */
export function layerRootLike(root: number, { driver, parent, from, belongs = () => true }: RootLikeOptions): void {
  try {
    withFd(openDirectoryAt(AT_FDCWD, from), (fd) =>
      copyDirectoryAttributes(fd, root, (name) => !leftOutOfLayers(name) && belongs(name)),
    );
  } catch (error) {
    if (!isSystemError(error) || (error.code !== "EPERM" && error.code !== "EINVAL" && error.code !== "EOPNOTSUPP"))
      throw error;
    throw new StorageError({
      code: "NOT_REPRESENTABLE",
      op: "create",
      driver,
      layer: parent.id,
      path: "/",
      message: `the parent's root directory has something this user cannot set: ${error.message}`,
      syscall: error.syscall,
      errno: error.code,
      cause: error,
    });
  }
}
