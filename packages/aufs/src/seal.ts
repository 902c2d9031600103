import { removeTree } from "@copyup/archive";
import type { Layer } from "@copyup/core";
import { AT_FDCWD, existsAt, listDirectory } from "@copyup/linux";
import { diffOf, ORPHANS, PSEUDO_LINKS } from "./layout.ts";

/**
 * Removes what only a writable mount needs, from a layer that none has: pseudo-links, which would hold the space of files that
 * are deleted later, and what a crash left among the orphans. The directories themselves stay: no mount shows them.
 */
export async function clearLeftovers(layer: Layer): Promise<void> {
  for (const name of [PSEUDO_LINKS, ORPHANS]) {
    const directory = `${diffOf(layer)}/${name}`;
    if (!existsAt(AT_FDCWD, directory)) continue;
    for (const entry of listDirectory(directory)) await removeTree(`${directory}/${entry}`);
  }
}

/** As clearLeftovers, where nobody can be told of a failure: the next time does it. */
export async function tryClearLeftovers(layer: Layer): Promise<void> {
  try {
    await clearLeftovers(layer);
  } catch {
    // A disk that became read-only, or a directory that somebody removed.
  }
}
