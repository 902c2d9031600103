import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync } from "node:fs";
import { StorageError } from "@copyup/core";
import { attachLoop, closeFd, makePrivate, mount2, storageErrorFrom, unmount } from "@copyup/linux";

export type ImageFilesystem = "ext4" | "xfs" | "btrfs";

const MKFS: Record<ImageFilesystem, readonly string[]> = {
  // No lazy initialisation: it would write behind the back of whatever is measured.
  ext4: ["mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard"],
  xfs: ["mkfs.xfs", "-q", "-f", "-K"],
  btrfs: ["mkfs.btrfs", "-q", "-f", "-K"],
};

/** Debian's package that brings mkfs. */
export const PACKAGE: Record<ImageFilesystem, string> = { ext4: "e2fsprogs", xfs: "xfsprogs", btrfs: "btrfs-progs" };

export interface LoopImage {
  readonly target: string;
  readonly filesystem: ImageFilesystem;
  /** Unmounts; the loop device goes with it, the file is the caller's. MOUNT_BUSY if something is still open. */
  close(): void;
}

export interface LoopImageOptions {
  /** The image, made sparse; must not exist. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly filesystem: ImageFilesystem;
  /** An existing empty directory. */
  readonly target: string;
  /** More arguments for mkfs, e.g. `-O`, `^filetype`. */
  readonly mkfs?: readonly string[];
}

/** Makes a filesystem in a file and mounts it through a loop device, without mount(8). Needs root. */
export function mountLoopImage(options: LoopImageOptions): LoopImage {
  const fd = openSync(options.file, "wx", 0o600);
  ftruncateSync(fd, options.sizeBytes);
  closeSync(fd);
  format(options);
  try {
    const loop = attachLoop(options.file);
    try {
      mount2(loop.path, options.target, options.filesystem, 0, "");
    } finally {
      // The mount holds the device now; autoclear detaches it with the unmount, or here if the mount failed.
      closeFd(loop.fd);
    }
    makePrivate(options.target);
  } catch (error) {
    throw storageErrorFrom(error, "scratch", { hint: "loop images need root and /dev/loop-control" });
  }
  return { target: options.target, filesystem: options.filesystem, close: () => unmount(options.target) };
}

function format(options: LoopImageOptions): void {
  const [command = "", ...flags] = MKFS[options.filesystem];
  try {
    execFileSync(command, [...flags, ...(options.mkfs ?? []), options.file], { stdio: "pipe", env: pathWithSbin() });
  } catch (error) {
    throw new StorageError({
      code: "IO",
      op: "scratch",
      message: `${command} failed: ${error instanceof Error ? error.message : String(error)}`,
      hint: `install ${PACKAGE[options.filesystem]}`,
      cause: error,
    });
  }
}

/** An ordinary user's PATH, and root's under `su`, may lack /sbin. */
export function pathWithSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
}
