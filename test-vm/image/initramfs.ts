import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Kernel } from "../kernels/kernel.ts";
import { moduleFiles } from "../kernels/module-order.ts";
import { findProgram } from "./closure.ts";

/** What the guest needs of a modular kernel before and after it has its root. */
const MODULES = [
  ..."virtio_pci virtio_blk virtio_console virtio_rng squashfs overlay loop fuse aufs ext4 ext2".split(" "),
] as const;

export interface InitramfsOptions {
  readonly kernel: Kernel;
  readonly directory: string;
  /** More modules: `xfs`, `btrfs`. Loading them costs a second or two under emulation, so only where they are used. */
  readonly modules: readonly string[];
  /** The script the guest runs. */
  readonly job: string;
}

/** busybox, the modules in loading order, `guest/init`, and the job. Gives the path of the cpio. */
export function makeInitramfs({ kernel, directory, modules, job }: InitramfsOptions): string {
  const root = path.join(directory, "initramfs");
  rmSync(root, { recursive: true, force: true });
  for (const part of ["bin", "modules", "proc", "sys", "dev", "new"])
    mkdirSync(path.join(root, part), { recursive: true });
  const busybox = findProgram("busybox");
  if (busybox === null) throw new Error("busybox is not installed (Debian: busybox-static)");
  copyFileSync(busybox, path.join(root, "bin/busybox"));
  const order: string[] = [];
  for (const [i, file] of moduleFiles(kernel, [...MODULES, ...modules]).entries()) {
    const name = `${String(i).padStart(3, "0")}-${path.basename(file).replace(/\.ko.*$/, ".ko")}`;
    unpackModule(file, path.join(root, "modules", name));
    order.push(name);
  }
  writeFileSync(path.join(root, "modules/order"), order.map((name) => `${name}\n`).join(""));
  copyFileSync(path.join(import.meta.dirname, "../guest/init"), path.join(root, "init"));
  chmodSync(path.join(root, "init"), 0o755);
  writeFileSync(path.join(root, "job"), job);
  const cpio = path.join(directory, "initramfs.cpio");
  execFileSync("sh", ["-c", 'cd "$1" && find . | cpio -o -H newc -R 0:0 --quiet > "$2"', "sh", root, cpio], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  rmSync(root, { recursive: true });
  return cpio;
}

/** Unpacked here, where it costs nothing: busybox's insmod knows no compressed modules. */
function unpackModule(file: string, target: string): void {
  if (file.endsWith(".xz")) execFileSync("sh", ["-c", 'xz -dc "$1" > "$2"', "sh", file, target]);
  else if (file.endsWith(".zst")) execFileSync("zstd", ["-q", "-d", "-f", file, "-o", target]);
  else copyFileSync(file, target);
}
