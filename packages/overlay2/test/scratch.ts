import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { attachLoop, closeFd, makePrivate, mount2, mountsBelow, unmount } from "@copyup/linux";
import { afterEach, beforeEach, expect } from "vitest";

export interface Scratch {
  readonly path: string;
  directory(name: string): string;
  /** A filesystem of its own at `<path>/<name>`; unmounted after the test. */
  filesystem(name: string, kind: "ramfs" | "tmpfs"): string;
  image(name: string, mkfs: readonly string[], megabytes: number): string;
}

/** A directory for each test on the tmpfs of /dev/shm; after it nothing that the test did not ask for may be mounted below. */
export function scratchForEachTest(): Scratch {
  let path = "";
  let asked: string[] = [];
  beforeEach(() => {
    path = mkdtempSync("/dev/shm/o-");
    asked = [];
  });
  afterEach(() => {
    const mounted = mountsBelow(path).map(({ target }) => target);
    for (const target of mounted.toReversed()) unmount(target, true);
    rmSync(path, { recursive: true });
    expect(mounted.sort()).toEqual(asked.sort());
  });
  const directory = (name: string) => {
    const made = `${path}/${name}`;
    mkdirSync(made, { recursive: true });
    return made;
  };
  const mounted = (source: string, target: string, kind: string) => {
    mount2(source, target, kind, 0, "");
    makePrivate(target);
    asked.push(target);
    return target;
  };
  return {
    get path() {
      return path;
    },
    directory,
    filesystem: (name, kind) => mounted(kind, directory(name), kind),
    image(name, mkfs, megabytes) {
      const file = `${path}/${name}.image`;
      const fd = openSync(file, "wx");
      ftruncateSync(fd, megabytes * 2 ** 20);
      closeSync(fd);
      const [command = "", ...rest] = mkfs;
      execFileSync(command, [...rest, file], {
        stdio: "pipe",
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
      });
      const loop = attachLoop(file);
      try {
        return mounted(loop.path, directory(name), command.replace("mkfs.", ""));
      } finally {
        closeFd(loop.fd);
      }
    },
  };
}
