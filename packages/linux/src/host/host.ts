import os from "node:os";
import type { Host } from "@copyup/core";
import { AT_FDCWD } from "../constants.ts";
import { readWholeFile } from "../files/files.ts";

const CAP_CHOWN = 0;
const CAP_SYS_ADMIN = 21;
const CAP_MKNOD = 27;

function proc(path: string): string {
  return readWholeFile(AT_FDCWD, path).toString().trim();
}

/** Reads what drivers need to know of this host. */
export function describeHost(): Host {
  const kernelRelease = os.release();
  const [major = 0, minor = 0] = kernelRelease.split(/[.-]/).map(Number);
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(proc("/proc/self/status"))?.[1] ?? "0"}`);
  const has = (capability: number) => ((effective >> BigInt(capability)) & 1n) === 1n;
  // The initial namespace maps every id to itself.
  const userNamespace = !/^\s*0\s+0\s+4294967295$/.test(proc("/proc/self/uid_map"));
  return {
    kernelRelease,
    kernel: [major, minor],
    arch: process.arch,
    euid: process.geteuid?.() ?? -1,
    userNamespace,
    sysAdmin: has(CAP_SYS_ADMIN),
    fullRoot: !userNamespace && has(CAP_SYS_ADMIN) && has(CAP_CHOWN) && has(CAP_MKNOD),
    filesystems: proc("/proc/filesystems")
      .split("\n")
      .map((line) => line.split("\t")[1] ?? ""),
    bootId: proc("/proc/sys/kernel/random/boot_id"),
  };
}

/** Is the kernel at least that version? */
export function kernelAtLeast(host: Pick<Host, "kernel">, major: number, minor: number): boolean {
  return host.kernel[0] > major || (host.kernel[0] === major && host.kernel[1] >= minor);
}
