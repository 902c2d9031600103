import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { mountsBelow, unmount } from "@copyup/linux";
import { afterEach, beforeEach } from "vitest";

/** In memory where that can be: a commit syncs its whole filesystem, and others may be writing to the disk. */
const ROOM = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A fresh directory for each test, removed afterwards with the mounts a failed test may have left in it. */
export interface Scratch {
  readonly path: string;
  /** Makes a directory below it. */
  directory(name: string): string;
}

export function scratchForEachTest(): Scratch {
  let current = "";
  beforeEach(() => {
    current = mkdtempSync(path.join(ROOM, "copyup-store-"));
  });
  afterEach(async () => {
    if (current === "") return;
    for (const mount of mountsBelow(current).toReversed()) unmount(mount.target, true);
    await removeTree(current);
    current = "";
  });
  return {
    get path() {
      return current;
    },
    directory(name) {
      const made = path.join(current, name);
      mkdirSync(made, { recursive: true });
      return made;
    },
  };
}
