import type { FileType } from "@copyup/core";
import {
  AT_FDCWD,
  closeFd,
  errnoName,
  getXattr,
  isSystemError,
  listXattrs,
  lstatName,
  namesOf,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  openAt,
  openDirectoryAt,
  readlinkAt,
  Stat,
  SystemError,
  withFd,
} from "@copyup/linux";
import { contentDigest } from "./content-digest.ts";

/** All that the suite compares of one name. */
export interface TreeEntry {
  readonly type: FileType;
  readonly permissions: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly nlink: number;
  /** Names one inode of this tree. */
  readonly inode: string;
  /** `major:minor` of a device, else empty. */
  readonly device: string;
  /** Of a regular file, else 0. */
  readonly size: number;
  /** Digest of a regular file's bytes; text of a symlink (latin1); the error where it may not be read; else empty. */
  readonly content: string;
  /** `name=hex`, by name; as the tree shows them, nothing left out but `security.selinux` and `security.ima` (layers.md 7). */
  readonly xattrs: readonly string[];
}

/** By path relative to the root: latin1, one character a byte; the root itself is "". In byte order of the paths. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/**
 * Reads a whole tree without following symlinks and, where the kernel allows it, without touching access times. `stat`: what
 * statx tells alone, without contents and xattrs.
 */
export function snapshotTree(root: string, what: "all" | "stat" = "all"): Tree {
  const tree = new Map<string, TreeEntry>();
  const stat = new Stat();
  withFd(openAt(AT_FDCWD, root, O_RDONLY), (fd) => {
    check(lstatName(fd, ".", stat), ".");
    tree.set("", entryOf(stat, "", what === "stat" ? [] : xattrsOf(fd)));
    readDirectory(fd, "", tree, what);
  });
  return tree;
}

function readDirectory(dirfd: number, prefix: string, tree: Map<string, TreeEntry>, what: "all" | "stat"): void {
  const stat = new Stat();
  for (const name of namesOf(dirfd)) {
    const path = prefix + name;
    const bytes = Buffer.from(name, "latin1");
    check(lstatName(dirfd, name, stat), path);
    if (what === "stat") {
      tree.set(path, entryOf(stat, "", []));
      if (stat.type === "directory")
        withFd(openDirectoryAt(dirfd, bytes), (fd) => readDirectory(fd, `${path}/`, tree, what));
      continue;
    }
    // Sockets, devices and symlinks cannot be opened for their xattrs; a path through the descriptor has no length limit.
    const byPath = Buffer.concat([Buffer.from(`/proc/self/fd/${dirfd}/`), bytes]);
    if (stat.type === "directory") {
      tree.set(path, entryOf(stat, "", xattrsOf(byPath)));
      withFd(openDirectoryAt(dirfd, bytes), (fd) => readDirectory(fd, `${path}/`, tree, what));
    } else if (stat.type === "file") {
      tree.set(path, entryOf(stat, fileContent(dirfd, bytes, stat.size), xattrsOf(byPath)));
    } else {
      const content = stat.type === "symlink" ? readlinkAt(dirfd, bytes).toString("latin1") : "";
      tree.set(path, entryOf(stat, content, xattrsOf(byPath)));
    }
  }
}

function check(result: number, path: string): void {
  if (result < 0) throw new SystemError("statx", -result, Buffer.from(path, "latin1"));
}

function entryOf(stat: Stat, content: string, xattrs: readonly string[]): TreeEntry {
  const device = stat.type === "char" || stat.type === "block";
  return {
    type: stat.type,
    permissions: stat.permissions,
    uid: stat.uid,
    gid: stat.gid,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
    nlink: stat.nlink,
    inode: stat.key,
    device: device ? `${stat.rdevMajor}:${stat.rdevMinor}` : "",
    size: stat.type === "file" ? stat.size : 0,
    content,
    xattrs,
  };
}

/** Left to the host's security modules: they differ between a mount and a directory on the same host. */
const NOT_COMPARED = new Set(["security.selinux", "security.ima", "security.evm"]);

function xattrsOf(target: number | Buffer): string[] {
  return listXattrs(target)
    .filter((name) => !NOT_COMPARED.has(name))
    .map((name) => `${name}=${getXattr(target, Buffer.from(name, "latin1"))?.toString("hex") ?? ""}`);
}

function fileContent(dirfd: number, name: Buffer, size: number): string {
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
  let fd: number;
  try {
    fd = openAt(dirfd, name, flags | O_NOATIME);
  } catch {
    // O_NOATIME is for owners only (open(2)).
    try {
      fd = openAt(dirfd, name, flags);
    } catch (error) {
      if (isSystemError(error)) return `unreadable: ${errnoName(error.errno)}`;
      throw error;
    }
  }
  try {
    return contentDigest(fd, size);
  } finally {
    closeFd(fd);
  }
}
