import { layerRootLike, newLayerRoot } from "@copyup/archive";
import type { Layer, StagedBody } from "@copyup/core";
import { AT_FDCWD, mkdirAt, openDirectoryAt, withFd } from "@copyup/linux";
import { privatePrefix } from "./dialect.ts";
import { diffOf, emptyOf, workOf } from "./layout.ts";

/**
 * Lays out an empty layer. The root of an overlay is the root of its TOPMOST directory, nothing of a lower's root is merged
 * into it, so each layer's `diff/` carries the parent's mode, owner, xattrs and mtime on (catalogue LA20).
 */
export function createBody(body: StagedBody, parent: Layer | null): void {
  const made = { body: body.dir };
  mkdirAt(AT_FDCWD, workOf(made), 0o700);
  if (parent === null) mkdirAt(AT_FDCWD, emptyOf(made), 0o755);
  mkdirAt(AT_FDCWD, diffOf(made), 0o700);
  withFd(openDirectoryAt(AT_FDCWD, diffOf(made)), (root) =>
    parent === null ? newLayerRoot(root) : like(parent, root),
  );
}

function like(parent: Layer, root: number): void {
  const own = privatePrefix(parent.dialect);
  // `trusted.overlay.overlay.x` is how the kernel (6.7) keeps an `x` that a user set inside the overlay.
  const belongs = (name: string) => !name.startsWith(own) || name.startsWith(`${own}overlay.`);
  layerRootLike(root, { driver: "overlay2", parent, from: diffOf(parent), belongs });
}
