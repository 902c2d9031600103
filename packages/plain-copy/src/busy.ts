import type { Layer } from "@copyup/core";
import {
  AT_FDCWD,
  lstatAt,
  mountsInOtherNamespaces,
  openFilesOn,
  readMountInfo,
  STATX_BASIC,
  STATX_MNT_ID,
  Stat,
  tryLstatAt,
} from "@copyup/linux";
import { treeOf } from "./layout.ts";

/**
 * A bind has no superblock of its own, so /proc is asked: does a namespace show the tree, does a process have something of it
 * open? Null where a process has a deleted file open on a mount that is gone: it may have been of this tree.
 */
export function treeInUse(layer: Layer): boolean | null {
  const tree = treeOf(layer);
  const stat = lstatAt(AT_FDCWD, tree, new Stat(), STATX_BASIC | STATX_MNT_ID);
  if (isBound(tree, stat.mountId)) return true;
  let answer: false | null = false;
  const found = new Stat();
  for (const file of openFilesOn({ major: stat.devMajor, minor: stat.devMinor })) {
    if (file.path === tree || file.path.startsWith(`${tree}/`)) return true;
    // Through a lazily unmounted bind the kernel shows paths from the bind's root: /log for <tree>/log.
    if (tryLstatAt(AT_FDCWD, `${tree}${file.path}`, found)?.key === file.inode) return true;
    if (file.path.endsWith(" (deleted)") && isDetached(file.mountId, file.pid)) answer = null;
  }
  return answer;
}

/** Does any mount namespace show the tree, or something in it, as a mount? */
function isBound(tree: string, mountId: number): boolean {
  const mounts = [...readMountInfo()];
  const below = mounts.find(({ id }) => id === mountId);
  if (below === undefined) return false;
  const inside = below.target === "/" ? tree : tree.slice(below.target.length);
  const root = below.root === "/" ? inside : below.root + inside;
  const shows = (mount: { root: string }) => mount.root === root || mount.root.startsWith(`${root}/`);
  if (mounts.some((mount) => mount.major === below.major && mount.minor === below.minor && shows(mount))) return true;
  return mountsInOtherNamespaces(below, shows).length > 0;
}

function isDetached(mountId: number, pid: number): boolean {
  return ![...readMountInfo(pid)].some(({ id }) => id === mountId);
}
