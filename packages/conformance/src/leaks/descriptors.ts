import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { check, cstring, libc, O_CLOEXEC } from "@copyup/linux";

const MFD_CLOEXEC = 1;

/** Open descriptors that name a file, a directory or a mount: number and what it is. */
export function descriptorsNow(): ReadonlyMap<number, string> {
  const open = new Map<number, string>();
  for (const name of readdirSync("/proc/self/fd")) {
    const what = linkOf(name);
    // Pipes, sockets and event queues are node's own business; /dev and /proc are opened by it when it likes.
    // Not /dev/shm: it is a filesystem like others, and people work there.
    if (what === null || /^\/(proc|dev\/(?!shm\/))/.test(what)) continue;
    if (what.startsWith("/") || what.includes("[fscontext]")) open.set(Number(name), what);
  }
  return open;
}

function linkOf(name: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    // The descriptor that listed the directory is closed again.
    return null;
  }
}

export function newDescriptors(before: ReadonlyMap<number, string>): [fd: number, what: string][] {
  return [...descriptorsNow()].filter(([fd, what]) => before.get(fd) !== what);
}

/**
 * Makes a leaked descriptor point to an empty file in memory that nobody else sees, for reading only. Not closed: its number
 * would be given to somebody else, and whoever believes to own it might then close that. Not /dev/null: a check that was
 * given up and runs on may fchmod what it thinks its file, and /dev/null is everybody's.
 */
export function defuse(fd: number): void {
  const memory = check(libc.memfdCreate(cstring("copyup-defused"), MFD_CLOEXEC), "memfd_create");
  const nothing = openSync(`/proc/self/fd/${memory}`, "r");
  try {
    libc.dup3(nothing, fd, O_CLOEXEC);
  } finally {
    closeSync(nothing);
    closeSync(memory);
  }
}
