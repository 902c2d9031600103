import type { Layer } from "@copyup/core";
import { AT_FDCWD, ENOENT, ENOTEMPTY, isSystemError, rmdirAt } from "@copyup/linux";
import { workOf } from "./layout.ts";

/**
 * Takes the kernel's own directory out of the workdir: it has mode 000, which an ordinary user's rm stumbles over, and costs
 * every committed layer an inode. The workdir itself stays, so that a layer whose commit fails after this can be mounted.
 */
export function sealBody(layer: Layer): void {
  try {
    rmdirAt(AT_FDCWD, `${workOf(layer)}/work`);
  } catch (error) {
    // Never mounted; or what a killed copy-up left, which the kernel clears at a mount and rm with the layer.
    if (!isSystemError(error, ENOENT) && !isSystemError(error, ENOTEMPTY)) throw error;
  }
}
