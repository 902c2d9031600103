import { removeTree } from "@copyup/archive";
import type { Layer } from "@copyup/core";
import { listDirectory } from "@copyup/linux";
import { workOf } from "./layout.ts";

/** Empties the workdir: a daemon that was killed leaves there what was deleted while it was open. */
export async function sealBody(layer: Layer): Promise<void> {
  const work = workOf(layer);
  for (const name of listDirectory(work)) await removeTree(`${work}/${name}`);
}
