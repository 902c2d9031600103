import { removeTree } from "@copyup/archive";
import type { Layer } from "@copyup/core";
import { listDirectory } from "@copyup/linux";
import { workOf } from "./layout.ts";

/**
 * Empties the workdir. The kernel's own directory in it has mode 000, which an ordinary user's rm stumbles over, and after any
 * deletion holds one more name of the whiteouts' common inode (5.8 and later). The workdir itself stays, so that a layer
 * whose commit fails after this can be mounted.
 */
export async function sealBody(layer: Layer): Promise<void> {
  const work = workOf(layer);
  for (const name of listDirectory(work)) await removeTree(`${work}/${name}`);
}
