import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { AptState } from "./apt-state.ts";
import { DEBIAN_KERNELS } from "./debian-suites.ts";
import type { Kernel } from "./kernel.ts";

/** Small, with virtio built in or as modules, and in every suite. */
const META_PACKAGE = "linux-image-cloud-amd64";

/** What of a kernel's dependencies holds files we boot with; its tools and firmware we do not need. */
const KERNEL_PARTS = /^linux-(image|binary|modules|base)-\d/;

/**
 * Finds, downloads and unpacks a Debian kernel (`5.10`, `6.1`, `6.12`, `7.x`) below `cache`; unpacked once. Where the mirror
 * does not answer, the newest one unpacked before is taken, and `say` told.
 */
export function debianKernel(version: string, cache: string, say: (text: string) => void): Kernel {
  try {
    return newestKernel(version, cache);
  } catch (error) {
    const before = unpackedBefore(version, cache);
    if (before === undefined) throw error;
    say(`${error instanceof Error ? error.message : error}; taking ${before}, unpacked before`);
    return kernelIn(version, path.join(cache, "kernels", before));
  }
}

function unpackedBefore(version: string, cache: string): string | undefined {
  const directory = path.join(cache, "kernels");
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const own = names.filter((name) => name.startsWith(`${version}-`) && !name.endsWith(".partial"));
  return own.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
}

function newestKernel(version: string, cache: string): Kernel {
  const suites = DEBIAN_KERNELS[version];
  if (suites === undefined)
    throw new Error(`no Debian kernel ${version} is known; there are ${Object.keys(DEBIAN_KERNELS).join(", ")}`);
  const apt = new AptState(path.join(cache, "apt", version), suites);
  apt.update();
  for (const suite of suites) {
    const newest = apt.versions(META_PACKAGE, suite)[0];
    if (newest === undefined) continue;
    const packages = kernelParts(apt, META_PACKAGE, newest);
    return unpack(version, packages, apt, path.join(cache, "kernels", `${version}-${newest}`));
  }
  throw new Error(`${META_PACKAGE} is in none of ${suites.join(", ")} of this machine's mirror`);
}

/** `name=version` of the packages with the kernel's files: from forky on the image package is empty and names two others. */
function kernelParts(apt: AptState, name: string, version: string, found = new Map<string, string>()) {
  const record = apt.show(name, version);
  for (const dependency of record?.Depends?.split(/,\s*/) ?? []) {
    const [, next = "", wanted] = /^(\S+)(?: \(= ([^)]+)\))?/.exec(dependency) ?? [];
    if (!KERNEL_PARTS.test(next) || found.has(next)) continue;
    const exact = wanted ?? apt.show(next, null)?.Version;
    if (exact === undefined) continue;
    found.set(next, exact);
    kernelParts(apt, next, exact, found);
  }
  return found;
}

function unpack(version: string, packages: ReadonlyMap<string, string>, apt: AptState, directory: string): Kernel {
  if (!existsSync(directory)) {
    const partial = `${directory}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    for (const [one, exact] of packages) execFileSync("dpkg-deb", ["-x", apt.download(one, exact), partial]);
    renameSync(partial, directory);
  }
  return kernelIn(version, directory);
}

/** Debian puts the image into /boot, and since forky beside the modules below /usr/lib. */
function kernelIn(version: string, directory: string): Kernel {
  const name = `debian-${version}`;
  const moduleRoot = [path.join(directory, "usr"), directory].find((root) =>
    existsSync(path.join(root, "lib/modules")),
  );
  if (moduleRoot === undefined) throw new Error(`no lib/modules in the packages of ${name}`);
  const release = readdirSync(path.join(moduleRoot, "lib/modules"))[0];
  if (release === undefined) throw new Error(`no modules in the packages of ${name}`);
  const image = [
    path.join(directory, "boot", `vmlinuz-${release}`),
    path.join(moduleRoot, "lib/modules", release, "vmlinuz"),
  ].find((file) => existsSync(file));
  if (image === undefined) throw new Error(`no vmlinuz of ${release} in the packages of ${name}`);
  const packageVersion = path.basename(directory).slice(version.length + 1);
  return { name, image, moduleRoot, release, package: `Debian ${packageVersion}` };
}
