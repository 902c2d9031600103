import { type Layer, type StagedBody, StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  chmodFd,
  copyDirectoryAttributes,
  isSystemError,
  mkdirAt,
  openDirectoryAt,
  setMtimeFd,
  withFd,
} from "@copyup/linux";
import { privatePrefix } from "./dialect.ts";
import { removeInheritedAcl } from "./inherited-acl.ts";
import { diffOf, emptyOf, workOf } from "./layout.ts";

/**
 * Lays out an empty layer. The root of an overlay is the root of its TOPMOST directory, nothing of a lower's root is merged
 * into it, so each layer's `diff/` carries the parent's mode, owner, xattrs and mtime on (catalogue LA20).
 * A SystemError passes: the store knows best whether ENOSPC is of blocks or of inodes.
 */
export function createBody(body: StagedBody, parent: Layer | null): void {
  const made = { body: body.dir };
  mkdirAt(AT_FDCWD, workOf(made), 0o700);
  if (parent === null) mkdirAt(AT_FDCWD, emptyOf(made), 0o755);
  mkdirAt(AT_FDCWD, diffOf(made), 0o700);
  withFd(openDirectoryAt(AT_FDCWD, diffOf(made)), (root) => (parent === null ? newRoot(root) : rootLike(parent, root)));
}

/** mkdir's mode goes through the umask, and a default ACL of the store's directory would come along. */
function newRoot(root: number): void {
  removeInheritedAcl(root);
  chmodFd(root, 0o755);
  // As for an archive without an entry for its root (layers.md), so that the same base is the same bytes every time.
  setMtimeFd(root, 0, 0);
}

function rootLike(parent: Layer, root: number): void {
  const own = privatePrefix(parent.dialect);
  // `trusted.overlay.overlay.x` is how the kernel (6.7) keeps an `x` that a user set inside the overlay.
  const mine = (name: string) => !LEFT_OUT.has(name) && (!name.startsWith(own) || name.startsWith(`${own}overlay.`));
  try {
    withFd(openDirectoryAt(AT_FDCWD, diffOf(parent)), (from) => copyDirectoryAttributes(from, root, mine));
  } catch (error) {
    if (!isSystemError(error) || (error.code !== "EPERM" && error.code !== "EINVAL" && error.code !== "EOPNOTSUPP"))
      throw error;
    throw new StorageError({
      code: "NOT_REPRESENTABLE",
      op: "create",
      driver: "overlay2",
      layer: parent.id,
      path: "/",
      message: `the parent's root directory has something this user cannot set: ${error.message}`,
      syscall: error.syscall,
      errno: error.code,
      cause: error,
    });
  }
}

/** Given by the host's policy, not by the layer (layers.md rule 7). */
const LEFT_OUT = new Set(["security.selinux", "security.ima"]);
