import { closeSync, lstatSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { MS_BIND, MS_RDONLY, MS_REMOUNT, mount2 } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { mountGround } from "./ground.ts";

export const remountReadOnly: Check = {
  id: "UM11",
  title:
    "a mount that somebody remounts read-only: busy under a writer, EROFS after; it unmounts, and is writable again",
  cites: ["mount(2), MS_REMOUNT: EBUSY with files open for writing", "measured on 6.18"],
  needs: ["namespace-root", "mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const at = mount.path;
    // Only where it is the mount's own superblock: a bind's is that of everything around.
    const own = lstatSync(at).dev !== lstatSync(store.root).dev;
    const ways = [["the mount", MS_BIND] as const, ...(own ? [["the filesystem", 0] as const] : [])];
    for (const [what, bind] of ways) {
      const remount = (flags: number) => trial.errno(() => mount2("none", at, "", MS_REMOUNT | bind | flags, ""));
      const fd = openSync(path.join(at, "log"), "a");
      try {
        trial.equal(remount(MS_RDONLY), "EBUSY", `${what} made read-only under a writer`);
        writeSync(fd, "line\n");
      } finally {
        closeSync(fd);
      }
      trial.equal(remount(MS_RDONLY), null, `${what} made read-only`);
      for (const name of ["f", "new", "log"]) {
        const errno = trial.errno(() => writeFileSync(path.join(at, name), "x"));
        trial.equal(errno, "EROFS", `writing ${name} where ${what} is read-only`);
      }
      trial.equal(readFileSync(path.join(at, "f"), "latin1"), "lower", "reading");
      if (bind === MS_BIND) trial.equal(remount(0), null, `${what} made writable again`);
    }
    await mount.unmount();
    await using again = await store.mount(id);
    writeFileSync(path.join(again.path, "new"), "x");
    trial.equal(readFileSync(path.join(again.path, "log"), "latin1"), "line\n".repeat(ways.length), "what was written");
  },
};
