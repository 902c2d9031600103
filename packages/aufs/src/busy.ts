import type { Layer } from "@copyup/core";
import { aufsBranches, aufsSuperblocks } from "@copyup/linux";
import { diffOf } from "./layout.ts";

/**
 * Does a superblock that nobody sees still write to this layer? aufs itself lets a second one have the same upper (6.1), but
 * shows each that lives in sysfs, also a lazily unmounted one with files open. Null where sysfs cannot be seen, or shows a
 * branch of a root directory that is not ours.
 */
export function upperInUse(layer: Layer): boolean | null {
  const superblocks = aufsSuperblocks();
  if (superblocks === null) return null;
  let unknown = false;
  for (const superblock of superblocks) {
    const [first] = aufsBranches(superblock) ?? [];
    if (first === undefined) continue;
    if (first.startsWith(`${diffOf(layer)}=rw`)) return true;
    if (!first.startsWith("/")) unknown = true;
  }
  return unknown ? null : false;
}
