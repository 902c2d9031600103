import { setImmediate } from "node:timers/promises";
import type { Layer, Mounted } from "@copyup/core";
import {
  AT_FDCWD,
  chownAt,
  closeFd,
  cstringOfBytes,
  existsAt,
  libc,
  listDirectory,
  lstatName,
  namesOf,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  openAt,
  readFd,
  S_IFDIR,
  S_IFMT,
  S_IFREG,
  Stat,
} from "@copyup/linux";
import { diffOf, PSEUDO_LINKS } from "./layout.ts";

/** Names between two turns of the event loop. */
const SLICE = 2000;

/**
 * Makes a mount's pseudo-links real. When a lower file of several names is written through one of them, aufs copies it under
 * that name and keeps only a note for the others, `AUFS-INODE.UPPER-INODE` in `.wh..wh.plnk`, good until the unmount: then the
 * others show the old content for ever. The link count says nothing: it is 1 for the last name that is left, once the written
 * one was deleted (catalogue CU46). Each name that is opened and read while the note stands becomes a real link in the
 * upper (seen on 6.1). What is written after this and before the unmount is not helped,
 * but by another turn.
 */
export async function flushPseudoLinks({ chain, mode, target }: Mounted): Promise<void> {
  const [head] = chain;
  if (mode !== "rw" || head === undefined) return;
  const inodes = pseudoLinked(head);
  if (inodes.size > 0) await new Flush(inodes).directory(openAt(AT_FDCWD, target, O_RDONLY | O_DIRECTORY));
}

/** Inode numbers, as the mount shows them, of what aufs keeps notes of. */
export function pseudoLinked(layer: Layer): Set<string> {
  const directory = `${diffOf(layer)}/${PSEUDO_LINKS}`;
  if (!existsAt(AT_FDCWD, directory)) return new Set();
  return new Set(listDirectory(directory).flatMap((name) => /^(\d+)\.\d+$/.exec(name)?.[1] ?? []));
}

class Flush {
  readonly #inodes: ReadonlySet<string>;
  readonly #stat = new Stat();
  #seen = 0;

  constructor(inodes: ReadonlySet<string>) {
    this.#inodes = inodes;
  }

  /** Closes the descriptor. */
  async directory(fd: number): Promise<void> {
    try {
      const mountId = this.#mountOf(fd);
      for (const name of namesOf(fd)) {
        if (++this.#seen % SLICE === 0) await setImmediate();
        const stat = this.#stat;
        // Gone since it was listed, or longer than aufs lets be used.
        if (lstatName(fd, name, stat) !== 0 || stat.mountId !== mountId) continue;
        const type = stat.mode & S_IFMT;
        if (type === S_IFDIR) await this.#child(fd, name);
        else if (this.#inodes.has(inodeText(stat))) touch(fd, name, type);
      }
    } finally {
      closeFd(fd);
    }
  }

  async #child(parent: number, name: string): Promise<void> {
    const fd = libc.openat(parent, cstringOfBytes(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd >= 0) await this.directory(fd);
  }

  #mountOf(fd: number): number {
    lstatName(fd, ".", this.#stat);
    return this.#stat.mountId;
  }
}

const one = Buffer.alloc(1);

/** A regular file is read, and not chowned, which would take its set-user-id bit. */
function touch(directory: number, name: string, type: number): void {
  if (type !== S_IFREG) {
    const { uid, gid } = lstat(directory, name);
    chownAt(directory, Buffer.from(name, "latin1"), uid, gid);
    return;
  }
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME;
  const fd = openAt(directory, Buffer.from(name, "latin1"), flags);
  try {
    readFd(fd, one);
  } finally {
    closeFd(fd);
  }
}

function lstat(directory: number, name: string): Stat {
  const stat = new Stat();
  lstatName(directory, name, stat);
  return stat;
}

/** Exact also beyond 2^53. */
function inodeText({ inoHigh, inoLow }: Stat): string {
  return String((BigInt(inoHigh) << 32n) | BigInt(inoLow));
}
