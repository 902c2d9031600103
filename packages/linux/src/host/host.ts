import os from "node:os";
import type { Host } from "@copyup/core";
import { AT_FDCWD } from "../constants.ts";
import { readlinkAt, readWholeFile } from "../files/files.ts";
import { tryLstatAt } from "../files/statx.ts";

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
  const userNamespace = inUserNamespace();
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

/** PROC_USER_INIT_INO. A namespace that maps every id to itself looks like the initial one in uid_map, but isn't. */
const INITIAL_USER_NAMESPACE = "user:[4026531837]";

function inUserNamespace(): boolean {
  // No such file: a kernel without user namespaces.
  if (tryLstatAt(AT_FDCWD, "/proc/self/ns/user") === null) return false;
  return readlinkAt(AT_FDCWD, "/proc/self/ns/user").toString() !== INITIAL_USER_NAMESPACE;
}
