import { layerRootLike, newLayerRoot } from "@copyup/archive";
import type { BodyOptions, Layer, StagedBody } from "@copyup/core";
import {
  AT_FDCWD,
  chmodFd,
  closeFd,
  mkdirAt,
  O_CREAT,
  O_EXCL,
  O_WRONLY,
  openAt,
  openDirectoryAt,
  withFd,
} from "@copyup/linux";
import { BASE_WHITEOUT, diffOf, ORPHANS, PSEUDO_LINKS, workOf } from "./layout.ts";

/**
 * Lays out an empty layer. The root of an aufs is the root of its topmost branch, so each layer's `diff/` carries the parent's
 * mode, owner, xattrs and mtime on (catalogue LA20).
 */
export function createBody(body: StagedBody, parent: Layer | null, options: BodyOptions): void {
  options.signal?.throwIfAborted();
  const made = { body: body.dir };
  mkdirAt(AT_FDCWD, workOf(made), 0o700);
  mkdirAt(AT_FDCWD, diffOf(made), 0o700);
  withFd(openDirectoryAt(AT_FDCWD, diffOf(made)), (root) => {
    // What comes from an archive goes into an empty directory, and is not written afterwards.
    if (!options.receive) makeOwnNames(root);
    if (parent === null) newLayerRoot(root);
    else layerRootLike(root, { driver: "aufs", parent, from: diffOf(parent) });
  });
}

/** As aufs makes them itself at the first mount (6.1), which would then change the root's mtime. */
function makeOwnNames(root: number): void {
  closeFd(openAt(root, BASE_WHITEOUT, O_WRONLY | O_CREAT | O_EXCL, 0o444));
  withFd(openAt(root, BASE_WHITEOUT, 0), (base) => chmodFd(base, 0o444));
  for (const name of [PSEUDO_LINKS, ORPHANS]) {
    mkdirAt(root, name, 0o700);
    withFd(openDirectoryAt(root, name), (directory) => chmodFd(directory, 0o700));
  }
}
