import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Kernel } from "./kernel.ts";

/**
 * The files of the wanted modules and of what they need, in the order they must be loaded; a module that the kernel has
 * built in, or does not have, is left out. Needs kmod's depmod and modprobe.
 */
export function moduleFiles(kernel: Kernel, wanted: readonly string[]): string[] {
  const { moduleRoot, release } = kernel;
  if (moduleRoot === null || release === null) return [];
  // Debian's packages come without modules.dep; their postinst makes it.
  if (!existsSync(path.join(moduleRoot, "lib/modules", release, "modules.dep")))
    execFileSync("/sbin/depmod", ["-b", moduleRoot, release]);
  const files = new Set<string>();
  for (const name of wanted) for (const file of filesOf(moduleRoot, release, name)) files.add(file);
  return [...files];
}

function filesOf(moduleRoot: string, release: string, name: string): string[] {
  try {
    const text = execFileSync(
      "/sbin/modprobe",
      ["-d", moduleRoot, "-S", release, "--show-depends", "--ignore-install", name],
      { encoding: "utf8", stdio: "pipe" },
    );
    return [...text.matchAll(/^insmod (\S+)/gm)].map(([, file = ""]) => file);
  } catch {
    return [];
  }
}
