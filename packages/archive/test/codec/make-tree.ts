import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { chmodAt, chownAt, mknodAt, setMtimeAt, setXattr } from "@copyup/linux";
import type { Member } from "./archives.ts";

const AT_FDCWD = -100;
const S_IFIFO = 0o010000;
const S_IFCHR = 0o020000;
const S_IFBLK = 0o060000;

/** Makes these members below `dir` with system calls, as the oracles' input. Parents come before what is in them. */
export function makeTree(dir: string, members: readonly Member[]): void {
  const at = (path: Buffer) => Buffer.concat([Buffer.from(`${dir}/`), path]);
  for (const { entry, content } of members) {
    const full = at(entry.path);
    const { type, linkPath, devMajor, devMinor } = entry;
    if (type === "file") writeFileSync(full, content);
    else if (type === "hardlink") linkSync(at(linkPath), full);
    else if (type === "symlink") symlinkSync(linkPath, full);
    else if (type === "directory") mkdirSync(full, { recursive: true });
    else mknodAt(AT_FDCWD, full, type === "fifo" ? S_IFIFO : type === "char" ? S_IFCHR : S_IFBLK, devMajor, devMinor);
  }
  // Deepest first, so that nothing touches a directory after its time was set.
  for (const { entry } of [...members].reverse()) {
    if (entry.type === "hardlink") continue;
    const full = at(entry.path);
    chownAt(AT_FDCWD, full, entry.uid, entry.gid);
    if (entry.type !== "symlink") chmodAt(AT_FDCWD, full, entry.mode);
    for (const { name, value } of entry.xattrs) setXattr(full, name, value);
    setMtimeAt(AT_FDCWD, full, entry.mtimeSec, entry.mtimeNsec);
  }
}
