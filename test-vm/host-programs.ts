import { execFileSync } from "node:child_process";
import { findProgram } from "./image/closure.ts";

/** What this machine must have, and Debian's package for it. */
const NEEDED: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  mksquashfs: "squashfs-tools",
  busybox: "busybox-static",
  cpio: "cpio",
  depmod: "kmod",
  modprobe: "kmod",
  xz: "xz-utils",
  zstd: "zstd",
  "mkfs.ext4": "e2fsprogs",
  "mkfs.xfs": "xfsprogs",
  "mkfs.btrfs": "btrfs-progs",
  // The suite's oracles, taken into the guest.
  bsdtar: "libarchive-tools",
  setfacl: "acl",
  setfattr: "attr",
  setcap: "libcap2-bin",
};

/** Installs what is missing, as root on a machine with apt; otherwise throws naming the packages. */
export function requirePrograms(say: (text: string) => void): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || findProgram("apt-get") === null)
    throw new Error(`these Debian packages are needed: ${missing.join(" ")}`);
  say(`installing ${missing.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "pipe", env });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], { stdio: "pipe", env });
  } catch (error) {
    throw new Error(
      `cannot install ${missing.join(" ")}: ${(error as { stderr?: Buffer }).stderr?.toString().trim() ?? error}`,
    );
  }
}

function missingPackages(): string[] {
  return [
    ...new Set(
      Object.entries(NEEDED)
        .filter(([program]) => findProgram(program) === null)
        .map(([, name]) => name),
    ),
  ];
}
