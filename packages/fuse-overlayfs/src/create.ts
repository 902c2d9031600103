import { layerRootLike, newLayerRoot } from "@copyup/archive";
import type { BodyOptions, Layer, StagedBody } from "@copyup/core";
import { AT_FDCWD, mkdirAt, openDirectoryAt, withFd } from "@copyup/linux";
import { diffOf, emptyOf, workOf } from "./layout.ts";

/** Lays out an empty layer. The root of the union is the root of its topmost directory (catalogue LA20). */
export async function createBody(body: StagedBody, parent: Layer | null, { signal }: BodyOptions): Promise<void> {
  signal?.throwIfAborted();
  const made = { body: body.dir };
  mkdirAt(AT_FDCWD, workOf(made), 0o700);
  if (parent === null) mkdirAt(AT_FDCWD, emptyOf(made), 0o755);
  mkdirAt(AT_FDCWD, diffOf(made), 0o700);
  withFd(openDirectoryAt(AT_FDCWD, diffOf(made)), (root) =>
    parent === null
      ? newLayerRoot(root)
      : layerRootLike(root, { driver: "fuse-overlayfs", parent, from: diffOf(parent), belongs }),
  );
}

/** The daemon shows no xattr with one of these prefixes and lets none be set (can_access_xattr in its main.c, 1.10). */
function belongs(name: string): boolean {
  return !["trusted.overlay.", "user.overlay.", "user.fuseoverlayfs."].some((own) => name.startsWith(own));
}
