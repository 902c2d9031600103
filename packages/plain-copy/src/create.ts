import { copyTree } from "@copyup/archive";
import { type BodyOptions, type Layer, type StagedBody, StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  chmodFd,
  copyDirectoryAttributes,
  isSystemError,
  mkdirAt,
  openDirectoryAt,
  removeXattr,
  setMtimeFd,
  withFd,
} from "@copyup/linux";
import { treeOf } from "./layout.ts";
import { writeStamp } from "./stamp.ts";

/**
 * Lays out a layer: a copy of the parent's whole tree, or an empty one for what is about to come from an archive.
 * A SystemError passes: the store knows best whether ENOSPC is of blocks or of inodes.
 */
export async function createBody(body: StagedBody, parent: Layer | null, options: BodyOptions): Promise<void> {
  const { receive = false, signal, onProgress } = options;
  const made = { body: body.dir };
  const tree = treeOf(made);
  signal?.throwIfAborted();
  mkdirAt(AT_FDCWD, tree, 0o700);
  if (parent === null) withFd(openDirectoryAt(AT_FDCWD, tree), newRoot);
  else if (receive) rootLike(parent, tree);
  else {
    await copyTree(treeOf(parent), tree, { signal, onProgress, op: "create" });
    await writeStamp(made, signal);
  }
}

/** mkdir's mode goes through the umask, and a default ACL of the store's directory would come along. */
function newRoot(root: number): void {
  removeXattr(root, "system.posix_acl_default");
  removeXattr(root, "system.posix_acl_access");
  chmodFd(root, 0o755);
  // As for an archive without an entry for its root (layers.md), so that the same base is the same bytes every time.
  setMtimeFd(root, 0, 0);
}

function rootLike(parent: Layer, tree: string): void {
  try {
    withFd(openDirectoryAt(AT_FDCWD, treeOf(parent)), (from) =>
      withFd(openDirectoryAt(AT_FDCWD, tree), (to) => copyDirectoryAttributes(from, to, (name) => !LEFT_OUT.has(name))),
    );
  } catch (error) {
    if (!isSystemError(error) || (error.code !== "EPERM" && error.code !== "EINVAL" && error.code !== "EOPNOTSUPP"))
      throw error;
    throw new StorageError({
      code: "NOT_REPRESENTABLE",
      op: "create",
      driver: "plain-copy",
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
