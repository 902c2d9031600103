import type { BodyOptions, Layer, StagedBody } from "../../../packages/core/src/index.ts";
import { diffOf } from "./layout.union.ts";
import { notWritten } from "./not-written.ts";

/**
 * Lays out a new layer below `body.dir`, which is there and empty, and which the store renames when this is done. It holds no
 * change yet, so its view equals its parent's; but the root of a merged view is the root of its TOPMOST directory, so
 * `diff/` needs the mode, owner, xattrs and mtime of the parent's.
 *
 * What helps: `mkdirAt`, `openDirectoryAt`, `withFd` of @copyup/linux; `newLayerRoot`, `layerRootLike` of @copyup/archive. A
 * failed system call may pass as it is: the store makes NO_SPACE or NO_INODES of it.
 */
export async function createBody(_body: StagedBody, parent: Layer | null, options: BodyOptions): Promise<void> {
  options.signal?.throwIfAborted();
  const root =
    parent === null
      ? "for a base an empty directory of mode 0755 (newLayerRoot)"
      : `with the attributes of ${diffOf(parent)} (layerRootLike)`;
  throw notWritten("create", `make diff/ in the body, ${root}, and what the mount needs beside it`, "src/create.ts");
}
