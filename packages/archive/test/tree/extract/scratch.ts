import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { attachLoop, closeFd, makePrivate, mount2, mountsBelow, unmount } from "@copyup/linux";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { openBelow } from "../support/open-below.ts";

export interface Scratch {
  /** Absolute, empty at the start of each test. */
  readonly path: string;
  directory(name: string): string;
}

/** A directory for each test, on an ext4 image (tmpfs has no user xattrs before 6.6); after it no descriptor may be left. */
export function scratchOnExt4(megabytes = 128): Scratch {
  let root = "";
  let mounted = "";
  let path = "";
  beforeAll(() => {
    root = mkdtempSync("/dev/shm/x-");
    mounted = mountImage(root, ["-q", "-b", "4096", "-O", "^has_journal"], megabytes);
  });
  afterAll(() => {
    if (mounted !== "") unmount(mounted);
    if (root !== "") rmSync(root, { recursive: true });
  });
  beforeEach(() => {
    path = mkdtempSync(`${mounted}/t-`);
  });
  afterEach(() => {
    const left = mountsBelow(path).map((mount) => mount.target);
    for (const target of left.reverse()) unmount(target, true);
    // Node's own removal takes seconds for the deepest of paths.
    execFileSync("rm", ["-rf", path]);
    expect(left).toEqual([]);
    expect(openBelow(path)).toEqual([]);
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

/** A fresh ext4, in a file in `dir`; gives where it is mounted. */
export function mountImage(dir: string, mkfsOptions: readonly string[], megabytes: number): string {
  const image = `${dir}/image`;
  const fd = openSync(image, "wx");
  ftruncateSync(fd, megabytes * 2 ** 20);
  closeSync(fd);
  execFileSync("mkfs.ext4", [...mkfsOptions, image], {
    stdio: "pipe",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  const target = `${dir}/mounted`;
  mkdirSync(target);
  const loop = attachLoop(image);
  try {
    mount2(loop.path, target, "ext4", 0, "");
    makePrivate(target);
  } finally {
    closeFd(loop.fd);
  }
  return target;
}
