import { aufsBranchesOf, type MountInfo, readMountInfo } from "@copyup/linux";
import { sameSuperblock } from "./identity.ts";
import { findElsewhere } from "./namespaces.ts";

/**
 * Has the device number of a superblock of ours gone to another one? The kernel gives it away at once (seen on 6.18: with
 * three processes mounting and unmounting, one view in 600 was taken for still used). A number belongs to one superblock at
 * a time, so a mount anywhere that has it and is certainly not this layer's says that ours is gone.
 */
export function numberIsReused(device: { readonly major: number; readonly minor: number }, layer: string): boolean {
  const isOther = (mount: MountInfo) => sameSuperblock(mount, device) && showsOtherThings(mount, layer);
  return [...readMountInfo()].some(isOther) || findElsewhere(`${device.major}:${device.minor}`, isOther).length > 0;
}

/** Options with relative paths or descriptors (the short names of a long chain) say nothing: then it may be the layer's. */
function showsOtherThings(mount: MountInfo, layer: string): boolean {
  const { type, superOptions } = mount;
  if (type === "aufs") return !(aufsBranchesOf(mount)?.some((branch) => branch.includes(`/${layer}/`)) ?? true);
  if (type !== "overlay") return true;
  return /=\//.test(superOptions) && !superOptions.includes("/proc/") && !superOptions.includes(`/${layer}/`);
}
