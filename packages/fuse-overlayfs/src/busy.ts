import type { Layer } from "@copyup/core";
import { AT_FDCWD, lstatAt, openFilesOn, Stat } from "@copyup/linux";
import { diffOf } from "./layout.ts";

/**
 * A daemon has its upper open as long as it serves, wherever its mount is: another namespace, or nowhere any more after a lazy
 * unmount with open files. So /proc tells it, as far as we may look.
 */
export function upperInUse(layer: Layer): boolean {
  const upper = lstatAt(AT_FDCWD, diffOf(layer), new Stat());
  for (const { inode, how } of openFilesOn({ major: upper.devMajor, minor: upper.devMinor })) {
    if (inode === upper.key && how.startsWith("fd ")) return true;
  }
  return false;
}
