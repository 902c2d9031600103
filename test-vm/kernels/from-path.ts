import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../request.ts";
import type { Kernel } from "./kernel.ts";

/** Somebody's own kernel: a bzImage, and the directory that holds `lib/modules/<release>` if it has modules. UsageError. */
export function kernelFromPath(image: string, modules: string | undefined): Kernel {
  if (!existsSync(image)) throw new UsageError(`--kernel ${image}: there is no such file`);
  if (!isKernel(image)) throw new UsageError(`--kernel ${image}: no kernel image (a bzImage has "HdrS" at byte 514)`);
  const kernel = { name: path.basename(image), image: path.resolve(image), package: null };
  if (modules === undefined) return { ...kernel, moduleRoot: null, release: null };
  const releases = existsSync(path.join(modules, "lib/modules")) ? readdirSync(path.join(modules, "lib/modules")) : [];
  const [release] = releases;
  if (release === undefined || releases.length > 1)
    throw new UsageError(
      `--modules ${modules} must hold lib/modules with one release in it, and holds ${releases.join(", ") || "none"}`,
    );
  return { ...kernel, moduleRoot: path.resolve(modules), release };
}

/** QEMU would start anything, and then say nothing. */
function isKernel(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  const header = Buffer.alloc(0x206);
  const fd = openSync(file, "r");
  try {
    readSync(fd, header);
  } finally {
    closeSync(fd);
  }
  return header.toString("latin1", 0x202, 0x206) === "HdrS";
}
