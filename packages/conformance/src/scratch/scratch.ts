import { accessSync, constants, mkdtempSync, rmdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { describeDirectory, statfs } from "@copyup/linux";
import { type ImageFilesystem, mountLoopImage } from "./loop-image.ts";
import { mountTmpfs } from "./tmpfs.ts";
import { canMakeImages, type ScratchFilesystem, whyNoFilesystem } from "./why-no-image.ts";

const IMAGE_BYTES = 4 * 1024 ** 3;
const MEMORY = "/dev/shm";

export interface Scratch {
  /** Absolute, empty. */
  readonly dir: string;
  readonly filesystem: string;
  /** For the report: `a fresh ext4 loop image held in memory`, `a directory on ext4`. */
  readonly description: string;
}

export interface OpenScratch extends Scratch {
  /** Removes it, or leaves it and gives a sentence that says how to look at it. */
  close(keep?: boolean): Promise<string | null>;
}

export interface ScratchOptions {
  /** Below which directory; default: the temporary directory. */
  readonly work?: string | undefined;
  /**
   * `never`: a plain directory. `needed`: a loop image where the directory cannot hold an overlay's upper and we are root.
   * `wanted`: a loop image wherever we can make one, for measurements that must not depend on the host's root filesystem.
   * `required`: `imageFilesystem` and nothing else; NEEDS_PRIVILEGE, IO or MOUNT_FAILED where it cannot be made.
   */
  readonly image: "never" | "needed" | "wanted" | "required";
  /** Default: ext4. tmpfs only where it is `required`. */
  readonly imageFilesystem?: ScratchFilesystem | undefined;
  readonly imageBytes?: number | undefined;
  /** More arguments for the image's mkfs, e.g. `-i`, `4096`. */
  readonly mkfs?: readonly string[] | undefined;
  /** Leave it for looking at. */
  readonly keep?: boolean | undefined;
}

/** Gives `use` a fresh directory of its own and removes it afterwards, with the image under it if one was made. */
export async function withScratch<T>(options: ScratchOptions, use: (scratch: Scratch) => Promise<T>): Promise<T> {
  const scratch = await openScratch(options);
  const close = async () => {
    const kept = await scratch.close(options.keep);
    if (kept) process.stderr.write(`copyup: ${kept}\n`);
  };
  let result: T;
  try {
    result = await use(scratch);
  } catch (error) {
    // What failed may have left something open or mounted there: EBUSY would be told instead of why.
    await close().catch(() => {});
    throw error;
  }
  await close();
  return result;
}

/** As `withScratch`; closing it is the caller's. */
export async function openScratch(options: ScratchOptions): Promise<OpenScratch> {
  const base = mkdtempSync(path.join(workDirectory(options.work), "copyup-scratch-"));
  try {
    if (options.image === "required") refuseUnlessPossible(options.imageFilesystem ?? "ext4");
    else if (!wantsImage(options, base)) return openDirectory(base);
    return options.imageFilesystem === "tmpfs" ? openTmpfs(options, base) : openImage(options, base);
  } catch (error) {
    await removeTree(base);
    throw error;
  }
}

function openDirectory(base: string): OpenScratch {
  return {
    ...describe(base),
    async close(keep) {
      if (keep) return `kept ${base}`;
      await removeTree(base);
      return null;
    },
  };
}

function refuseUnlessPossible(filesystem: ScratchFilesystem): void {
  const why = whyNoFilesystem(filesystem);
  if (why === null) return;
  throw new StorageError({
    code: "NEEDS_PRIVILEGE",
    op: "scratch",
    message: why,
    hint: "an ordinary directory serves `copyup conform` without --fs, and the short benchmark of `copyup compare`",
  });
}

function workDirectory(work: string | undefined): string {
  const dir = path.resolve(work ?? os.tmpdir());
  try {
    if (!statSync(dir).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
    accessSync(dir, constants.W_OK | constants.X_OK);
    return dir;
  } catch (error) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "scratch",
      message: `cannot work below ${dir}: ${(error as NodeJS.ErrnoException).code ?? error}`,
      path: dir,
      hint: "name an existing directory you can write with --work DIR",
    });
  }
}

function describe(dir: string): Scratch {
  const { filesystem } = describeDirectory(dir);
  return { dir, filesystem, description: `a directory on ${filesystem}` };
}

function wantsImage(options: ScratchOptions, base: string): boolean {
  const filesystem = options.imageFilesystem ?? "ext4";
  if (options.image === "never" || filesystem === "tmpfs" || !canMakeImages(filesystem)) return false;
  return options.image === "wanted" || !holdsUpper(base);
}

/** What overlay asks of its upper: types in readdir, xattrs, and not being an overlay itself. */
function holdsUpper(dir: string): boolean {
  const directory = describeDirectory(dir);
  return (
    directory.dType && directory.xattrs.trusted && directory.filesystem !== "overlay" && directory.filesystem !== "aufs"
  );
}

function openImage(options: ScratchOptions, base: string): OpenScratch {
  const filesystem = (options.imageFilesystem ?? "ext4") as ImageFilesystem;
  const sizeBytes = options.imageBytes ?? IMAGE_BYTES;
  // In memory where there is room: what is measured is then the driver and not this machine's disk.
  const inMemory = options.work === undefined && hasRoom(MEMORY, sizeBytes);
  const imageDirectory = inMemory ? mkdtempSync(path.join(MEMORY, "copyup-image-")) : base;
  const file = path.join(imageDirectory, "image");
  const removeImage = () => {
    rmSync(file, { force: true });
    if (inMemory) rmdirSync(imageDirectory);
  };
  try {
    const target = mkdtempSync(path.join(base, "mount-"));
    const image = mountLoopImage({ file, sizeBytes, filesystem, target, mkfs: options.mkfs ?? [] });
    return {
      dir: mkdtempSync(path.join(target, "work-")),
      filesystem,
      description: `a fresh ${filesystem} loop image held ${inMemory ? "in memory" : `below ${path.dirname(base)}`}`,
      async close(keep) {
        // Mounted in a namespace that ends with us, so what is kept is the image.
        if (keep) {
          image.close();
          return `kept the image: mount -o loop ${file} ${target}`;
        }
        try {
          image.close();
        } finally {
          removeImage();
        }
        await removeTree(base);
        return null;
      },
    };
  } catch (error) {
    removeImage();
    throw error;
  }
}

function openTmpfs(options: ScratchOptions, base: string): OpenScratch {
  const target = mkdtempSync(path.join(base, "mount-"));
  const tmpfs = mountTmpfs(target, options.imageBytes ?? IMAGE_BYTES);
  return {
    dir: mkdtempSync(path.join(target, "work-")),
    filesystem: "tmpfs",
    description: "a fresh tmpfs",
    async close(keep) {
      tmpfs.close();
      await removeTree(base);
      return keep ? "nothing was kept: the content of a tmpfs goes with its mount" : null;
    },
  };
}

/** With half as much again for those who work there. A tmpfs may be larger than the memory that is left. */
function hasRoom(dir: string, bytes: number): boolean {
  try {
    return Math.min(statfs(dir).freeBytes, process.availableMemory()) > 1.5 * bytes;
  } catch {
    return false;
  }
}
