import type { Usage } from "@copyup/core";
import {
  AT_FDCWD,
  closeFd,
  cstring,
  cstringOfBytes,
  ENOENT,
  fstat,
  libc,
  lstatName,
  namesOf,
  S_IFDIR,
  S_IFMT,
  Stat,
} from "@copyup/linux";
import type { LongOptions } from "../contract.ts";
import { callFailed, checked, joinPath } from "../failure.ts";
import { InodeTable } from "../links/index.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { DIRECTORY_FLAGS } from "../view/level.ts";

const OP = "usage";

/**
 * Allocated bytes and inodes of a directory with all that is in it, hard links once (so too overlay's whiteouts, which share
 * an inode). What is mounted inside is left out.
 */
export async function treeUsage(dir: string, o: LongOptions = {}): Promise<Usage> {
  const pace = new Pace(OP, o);
  const fd = libc.openat(AT_FDCWD, cstring(dir), DIRECTORY_FLAGS, 0);
  if (fd < 0) throw callFailed(fd, "openat", OP, Buffer.from(dir).toString("latin1"));
  try {
    const walk = new UsageWalk(pace, fd);
    await runPaced(walk.directory(fd, ""), pace);
    return { bytes: walk.bytes, inodes: walk.inodes };
  } finally {
    closeFd(fd);
  }
}

class UsageWalk {
  bytes: number;
  inodes = 1;
  private readonly pace: Pace;
  private readonly mountId: number;
  private readonly stat = new Stat();
  private readonly seen = new InodeTable();

  constructor(pace: Pace, root: number) {
    this.pace = pace;
    this.bytes = 512 * fstat(root, this.stat).blocks;
    checked(lstatName(root, ".", this.stat), "statx", OP, "");
    this.mountId = this.stat.mountId;
  }

  *directory(fd: number, path: string): Paced<void> {
    const { stat, pace } = this;
    for (const name of namesOf(fd)) {
      if (pace.due) yield;
      const result = lstatName(fd, name, stat);
      if (result === -ENOENT) continue;
      checked(result, "statx", OP, joinPath(path, name));
      if (stat.mountId !== this.mountId) continue;
      const isDirectory = (stat.mode & S_IFMT) === S_IFDIR;
      if (!isDirectory && stat.nlink > 1) {
        const inode = { part: 0, stat };
        if (this.seen.has(inode)) continue;
        this.seen.add(inode);
      }
      this.inodes++;
      this.bytes += 512 * stat.blocks;
      pace.entries++;
      pace.bytes = this.bytes;
      if (isDirectory) yield* this.child(fd, name, joinPath(path, name));
    }
  }

  private *child(parent: number, name: string, path: string): Paced<void> {
    const fd = libc.openat(parent, cstringOfBytes(name), DIRECTORY_FLAGS, 0);
    if (fd === -ENOENT) return;
    checked(fd, "openat", OP, path);
    try {
      yield* this.directory(fd, path);
    } finally {
      closeFd(fd);
    }
  }
}
