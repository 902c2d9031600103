import type { BodyOptions, Layer, StagedBody } from "../../../packages/core/src/index.ts";
import { treeOf } from "./layout.ts";
import { notWritten } from "./not-written.ts";

/**
 * Lays out a new layer below `body.dir`, which is there and empty, and which the store renames when this is done. The new
 * layer's view must equal its parent's (or be an empty directory), its root's mode, owner, xattrs and mtime included.
 *
 * What helps: `mkdirAt`, `openDirectoryAt`, `withFd` of @copyup/linux; `newLayerRoot`, `layerRootLike`, `copyTree` of
 * @copyup/archive. A failed system call may pass as it is: the store makes NO_SPACE or NO_INODES of it.
 */
export async function createBody(_body: StagedBody, parent: Layer | null, options: BodyOptions): Promise<void> {
  options.signal?.throwIfAborted();
  throw notWritten("create", todo(parent, options.receive === true), "src/create.ts");
}

function todo(parent: Layer | null, receive: boolean): string {
  if (parent === null) return "for a base make tree/ in the body, an empty directory of mode 0755 (newLayerRoot)";
  if (receive)
    return "to receive make tree/ in the body, empty, with the attributes of its parent's root (layerRootLike)";
  return `make tree/ in the body, the same tree as ${treeOf(parent)} (copyTree)`;
}
