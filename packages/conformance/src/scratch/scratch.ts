import { accessSync, constants, mkdtempSync, rmdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { describeDirectory, describeHost, statfs } from "@copyup/linux";
import { type ImageFilesystem, mountLoopImage, pathWithSbin } from "./loop-image.ts";

const IMAGE_BYTES = 4 * 1024 ** 3;
const MEMORY = "/dev/shm";

export interface Scratch {
  /** Absolute, empty. */
  readonly dir: string;
  readonly filesystem: string;
  /** For the report: `ext4 loop image held in /dev/shm`, `directory on ext4`. */
  readonly description: string;
}

export interface ScratchOptions {
  /** Below which directory; default: the temporary directory. */
  readonly work?: string | undefined;
  /**
   * `never`: a plain directory. `needed`: a loop image where the directory cannot hold an overlay's upper and we are root.
   * `wanted`: a loop image wherever we can make one, for measurements that must not depend on the host's root filesystem.
   */
  readonly image: "never" | "needed" | "wanted";
  readonly imageFilesystem?: ImageFilesystem | undefined;
  readonly imageBytes?: number | undefined;
  /** Leave it for looking at. */
  readonly keep?: boolean | undefined;
}

/** Gives `use` a fresh directory of its own and removes it afterwards, with the image under it if one was made. */
export async function withScratch<T>(options: ScratchOptions, use: (scratch: Scratch) => Promise<T>): Promise<T> {
  const base = mkdtempSync(path.join(workDirectory(options.work), "copyup-scratch-"));
  try {
    return wantsImage(options, base) ? await withImage(options, base, use) : await use(describe(base));
  } finally {
    if (options.keep) process.stderr.write(`copyup: kept ${base}\n`);
    else await removeTree(base);
  }
}

function workDirectory(work: string | undefined): string {
  const dir = path.resolve(work ?? os.tmpdir());
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
    if (statSync(dir).isDirectory()) return dir;
  } catch (error) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "scratch",
      message: `cannot work below ${dir}: ${(error as NodeJS.ErrnoException).code ?? error}`,
      path: dir,
      hint: "name an existing directory you can write with --work DIR",
    });
  }
  throw new StorageError({
    code: "BAD_OPTION",
    op: "scratch",
    message: `cannot work below ${dir}: not a directory`,
    path: dir,
  });
}

function describe(dir: string): Scratch {
  const { filesystem } = describeDirectory(dir);
  return { dir, filesystem, description: `a directory on ${filesystem}` };
}

function wantsImage(options: ScratchOptions, base: string): boolean {
  if (options.image === "never" || !canMakeImages(options.imageFilesystem ?? "ext4")) return false;
  return options.image === "wanted" || !holdsUpper(base);
}

/** Root, a loop control device, and mkfs. */
export function canMakeImages(filesystem: ImageFilesystem): boolean {
  const host = describeHost();
  if (!host.fullRoot) return false;
  try {
    accessSync("/dev/loop-control", constants.R_OK | constants.W_OK);
  } catch {
    return false;
  }
  return (pathWithSbin().PATH ?? "").split(":").some((dir) => {
    try {
      accessSync(path.join(dir, `mkfs.${filesystem}`), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What overlay asks of its upper: types in readdir, xattrs, and not being an overlay itself. */
function holdsUpper(dir: string): boolean {
  const directory = describeDirectory(dir);
  return (
    directory.dType && directory.xattrs.trusted && directory.filesystem !== "overlay" && directory.filesystem !== "aufs"
  );
}

async function withImage<T>(options: ScratchOptions, base: string, use: (scratch: Scratch) => Promise<T>): Promise<T> {
  const filesystem = options.imageFilesystem ?? "ext4";
  const sizeBytes = options.imageBytes ?? IMAGE_BYTES;
  // In memory where there is room: what is measured is then the driver and not this machine's disk.
  const inMemory = options.work === undefined && hasRoom(MEMORY, sizeBytes);
  const imageDirectory = inMemory ? mkdtempSync(path.join(MEMORY, "copyup-image-")) : base;
  const file = path.join(imageDirectory, "image");
  const target = mkdtempSync(path.join(base, "mount-"));
  try {
    const image = mountLoopImage({ file, sizeBytes, filesystem, target });
    try {
      const dir = mkdtempSync(path.join(target, "work-"));
      return await use({
        dir,
        filesystem,
        description: `a fresh ${filesystem} loop image held ${inMemory ? "in memory" : `below ${path.dirname(base)}`}`,
      });
    } finally {
      image.close();
    }
  } finally {
    rmSync(file, { force: true });
    if (inMemory) rmdirSync(imageDirectory);
  }
}

function hasRoom(dir: string, bytes: number): boolean {
  try {
    return statfs(dir).freeBytes > 2 * bytes;
  } catch {
    return false;
  }
}
