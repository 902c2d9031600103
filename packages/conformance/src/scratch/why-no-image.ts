import { accessSync, constants } from "node:fs";
import path from "node:path";
import { describeHost } from "@copyup/linux";
import { type ImageFilesystem, PACKAGE, pathWithSbin } from "./loop-image.ts";

/** What a suite can be run on: loop images of three filesystems, or a tmpfs of its own. */
export type ScratchFilesystem = ImageFilesystem | "tmpfs";

export const SCRATCH_FILESYSTEMS: readonly ScratchFilesystem[] = ["ext4", "xfs", "btrfs", "tmpfs"];

/** Root, a loop control device, and mkfs. */
export function canMakeImages(filesystem: ImageFilesystem): boolean {
  return whyNoFilesystem(filesystem) === null;
}

/** What this host lacks to make such a filesystem for a run, or null. That its kernel has it is seen by mounting. */
export function whyNoFilesystem(filesystem: ScratchFilesystem): string | null {
  const host = describeHost();
  if (!host.fullRoot)
    return `${filesystem} was not made: that needs root in the initial user namespace; this process is uid ${host.euid}${host.userNamespace ? " in a user namespace" : ""}`;
  if (filesystem === "tmpfs") return null;
  if (!may("/dev/loop-control", constants.R_OK | constants.W_OK))
    return `${filesystem} was not made: there is no /dev/loop-control that can be written`;
  const found = (pathWithSbin().PATH ?? "")
    .split(":")
    .some((dir) => may(path.join(dir, `mkfs.${filesystem}`), constants.X_OK));
  return found ? null : `${filesystem} was not made: there is no mkfs.${filesystem} (install ${PACKAGE[filesystem]})`;
}

function may(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
