import path from "node:path";
import { StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  closeFd,
  cstring,
  cstringOfBytes,
  EACCES,
  EBUSY,
  EISDIR,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  EXDEV,
  forEachName,
  libc,
  mountsBelow,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  RESOLVE_BENEATH,
  RESOLVE_NO_XDEV,
  rawOpenAt2,
  readlinkAt,
} from "@copyup/linux";
import type { LongOptions } from "../contract.ts";
import { callFailed, checked, joinPath } from "../failure.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { DIRECTORY_FLAGS } from "../view/level.ts";
import { unlock } from "./unlock.ts";

const OP = "remove";
const DT_DIR = 4;
/** Deeper directories are moved up to the top first: descriptors and stack stay bounded however deep a tree is. */
const DEPTH_MAX = 64;
/** Somebody may be adding names; not for ever. */
const ROUNDS_MAX = 5;

/**
 * Removes a directory with all that is in it, or a file; nothing there is no error. Never goes across a mount: what has
 * something mounted on or in it is refused with LAYER_IN_USE before anything is removed, and one that appears meanwhile
 * ends it. Immutable flags and missing permissions of an own directory are taken off. Rejects with NEEDS_PRIVILEGE,
 * READ_ONLY, IO, or the signal's reason; a part may be gone by then.
 */
export async function removeTree(target: string, o: LongOptions = {}): Promise<void> {
  const pace = new Pace(OP, o);
  const parent = libc.openat(AT_FDCWD, cstring(path.dirname(target)), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (parent === -ENOENT) return;
  const shown = Buffer.from(target).toString("latin1");
  checked(parent, "openat", OP, shown);
  try {
    refuseMounts(parent, path.basename(target), target);
    const name = Buffer.from(path.basename(target)).toString("latin1");
    await runPaced(new Remover(pace).entry(parent, name, shown), pace);
  } finally {
    closeFd(parent);
  }
}

function refuseMounts(parent: number, name: string, target: string): void {
  const fd = libc.openat(AT_FDCWD, cstring(`/proc/self/fd/${parent}/${name}`), DIRECTORY_FLAGS, 0);
  if (fd < 0) return;
  try {
    const mounts = mountsBelow(realPath(fd));
    if (mounts.length > 0) throw mounted(target, mounts[0]!.target);
  } finally {
    closeFd(fd);
  }
}

function realPath(fd: number): string {
  return readlinkAt(AT_FDCWD, `/proc/self/fd/${fd}`).toString("utf8");
}

function mounted(target: string, where: string): StorageError {
  return new StorageError({
    code: "LAYER_IN_USE",
    op: OP,
    message: `${target} cannot be removed: something is mounted at ${where}`,
    path: where,
    hint: `unmount it first: umount ${where}`,
  });
}

class Remover {
  private readonly pace: Pace;
  private hoisted = 0;

  constructor(pace: Pace) {
    this.pace = pace;
  }

  /** A name of any type; `shown` is its path for messages. */
  *entry(parent: number, name: string, shown: string): Paced<void> {
    let result = libc.unlinkat(parent, cstringOfBytes(name), 0);
    if ((result === -EPERM || result === -EACCES) && unlock(parent, name))
      result = libc.unlinkat(parent, cstringOfBytes(name), 0);
    if (result === 0 || result === -ENOENT) return;
    if (result === -EBUSY) throw mounted(shown, shown);
    if (result !== -EISDIR) throw callFailed(result, "unlinkat", OP, shown);
    yield* this.directory(parent, name, shown, null, 0);
  }

  /** `top`: the directory too deep ones are moved to; null: this one. */
  private *directory(parent: number, name: string, shown: string, top: number | null, depth: number): Paced<void> {
    for (let idle = 0; ; ) {
      const hoistedBefore = this.hoisted;
      const fd = this.open(parent, name, shown);
      if (fd < 0) return;
      try {
        yield* this.contents(fd, shown, top ?? fd, depth);
      } finally {
        closeFd(fd);
      }
      let result = libc.unlinkat(parent, cstringOfBytes(name), AT_REMOVEDIR);
      if ((result === -EPERM || result === -EACCES) && unlock(parent, name))
        result = libc.unlinkat(parent, cstringOfBytes(name), AT_REMOVEDIR);
      if (result === 0 || result === -ENOENT) break;
      if (result === -EBUSY) throw mounted(shown, shown);
      // What was moved up here, or added by somebody, is removed in another round.
      const again = result === -ENOTEMPTY && (this.hoisted > hoistedBefore || ++idle < ROUNDS_MAX);
      if (!again) throw callFailed(result, "rmdir", OP, shown);
    }
    this.pace.entries++;
  }

  private *contents(fd: number, shown: string, top: number, depth: number): Paced<void> {
    const found: [name: string, isDirectory: boolean][] = [];
    forEachName(fd, (name, type) => found.push([name, type === DT_DIR]));
    for (const [name, isDirectory] of found) {
      if (this.pace.due) yield;
      const path = joinPath(shown, name);
      if (isDirectory && depth >= DEPTH_MAX && this.hoist(fd, name, top)) continue;
      if (isDirectory) yield* this.directory(fd, name, path, top, depth + 1);
      else yield* this.file(fd, name, path, top, depth);
    }
  }

  private *file(fd: number, name: string, shown: string, top: number, depth: number): Paced<void> {
    let result = libc.unlinkat(fd, cstringOfBytes(name), 0);
    if ((result === -EPERM || result === -EACCES) && unlock(fd, name))
      result = libc.unlinkat(fd, cstringOfBytes(name), 0);
    if (result === -EISDIR) yield* this.directory(fd, name, shown, top, depth + 1);
    else if (result === -EBUSY) throw mounted(shown, shown);
    else if (result !== -ENOENT) checked(result, "unlinkat", OP, shown);
    this.pace.entries++;
  }

  /** The kernel itself refuses to cross a mount. -1: gone. */
  private open(parent: number, name: string, shown: string): number {
    const flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
    const once = () => rawOpenAt2(parent, cstringOfBytes(name), flags, RESOLVE_NO_XDEV | RESOLVE_BENEATH);
    let fd = once();
    if (fd === -EACCES && unlock(parent, name)) fd = once();
    if (fd === -ENOENT || fd === -ENOTDIR) return -1;
    if (fd === -EXDEV) throw mounted(shown, shown);
    return checked(fd, "openat2", OP, shown);
  }

  private hoist(fd: number, name: string, top: number): boolean {
    const to = `.removed-${process.pid}-${this.hoisted++}`;
    return libc.renameat2(fd, cstringOfBytes(name), top, cstringOfBytes(to), 1) === 0;
  }
}
