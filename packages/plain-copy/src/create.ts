import { copyTree, layerRootLike, newLayerRoot } from "@copyup/archive";
import type { BodyOptions, Layer, StagedBody } from "@copyup/core";
import { AT_FDCWD, mkdirAt, openDirectoryAt, withFd } from "@copyup/linux";
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
  if (parent !== null && !receive) {
    await copyTree(treeOf(parent), tree, { signal, onProgress, op: "create" });
    await writeStamp(made, signal);
    return;
  }
  withFd(openDirectoryAt(AT_FDCWD, tree), (root) => {
    if (parent === null) newLayerRoot(root);
    else layerRootLike(root, { driver: "plain-copy", parent, from: treeOf(parent) });
  });
}
