import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect } from "vitest";
import { mountsBelow, unmount } from "../src/index.ts";

export interface Scratch {
  /** Absolute, short, empty at the start of each test. */
  readonly path: string;
  directory(name: string): string;
}

/** A directory for each test, on the tmpfs of /dev/shm; after it, nothing may be mounted below and no descriptor left open. */
export function scratchForEachTest(): Scratch {
  let path = "";
  let descriptors = 0;
  beforeEach(() => {
    path = mkdtempSync("/dev/shm/l-");
    descriptors = openDescriptors();
  });
  afterEach(() => {
    const left = mountsBelow(path).map((mount) => mount.target);
    for (const target of left.reverse()) unmount(target, true);
    rmSync(path, { recursive: true });
    expect(left).toEqual([]);
    expect(openDescriptors()).toBe(descriptors);
  });
  return {
    get path() {
      return path;
    },
    directory(name) {
      const made = `${path}/${name}`;
      mkdirSync(made, { recursive: true });
      return made;
    },
  };
}

/** Files, directories, mounts and mount contexts; not the test runner's pipes, sockets and event queues, nor its modules. */
function openDescriptors(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return !/^(pipe|socket|anon_inode:\[(event|io_uring|timerfd))/.test(target) && !target.startsWith(process.cwd());
    } catch {
      return false;
    }
  }).length;
}
