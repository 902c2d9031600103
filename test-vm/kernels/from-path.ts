import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Kernel } from "./kernel.ts";

/** Somebody's own kernel: a bzImage, and the directory that holds `lib/modules/<release>` if it has modules. */
export function kernelFromPath(image: string, modules: string | undefined): Kernel {
  if (!existsSync(image)) throw new Error(`there is no kernel ${image}`);
  if (modules === undefined)
    return { name: path.basename(image), image: path.resolve(image), moduleRoot: null, release: null };
  const releases = existsSync(path.join(modules, "lib/modules")) ? readdirSync(path.join(modules, "lib/modules")) : [];
  const [release] = releases;
  if (release === undefined || releases.length > 1)
    throw new Error(
      `--modules ${modules} must hold lib/modules with one release in it, and holds ${releases.join(", ") || "none"}`,
    );
  return { name: path.basename(image), image: path.resolve(image), moduleRoot: path.resolve(modules), release };
}
