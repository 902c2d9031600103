import type { MountMode } from "@copyup/core";
import { AT_FDCWD, EEXIST, isSystemError, mkdirAt, rmdirAt } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";

/** A directory below run/mnt/ for a mount without a target: one for the layer, one for its view. */
export function makeTarget(context: StoreContext, id: string, mode: MountMode): string {
  const made = `${context.layout.mountPoints}/${id}${mode === "ro" ? ".ro" : ""}`;
  try {
    mkdirAt(AT_FDCWD, made, 0o700);
  } catch (error) {
    if (!isSystemError(error, EEXIST)) throw error;
  }
  return made;
}

/** Where another mount of the layer is there, it stays. */
export function tryRmdir(path: string): void {
  try {
    rmdirAt(AT_FDCWD, path);
  } catch (error) {
    // Another mount of the layer is there.
    if (!isSystemError(error)) throw error;
  }
}
