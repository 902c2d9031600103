import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { readTree } from "../whiteout/tree-specs.ts";
import { eventually, mountGround } from "./ground.ts";

export const manyMounters: Check = {
  id: "UM27",
  title: "24 layers on one lower, each mounted, written and unmounted five times at once",
  cites: ["measured: 24 processes, 0.1 s", "moby graphdriver: one lock for all"],
  async run(trial: Trial) {
    const { store, base } = await mountGround(trial);
    const other = await trial.openStore("store");
    const layers = await Promise.all(
      Array.from({ length: 24 }, (_, k) => (k % 2 ? store : other).prepare({ parent: base.id })),
    );
    await Promise.all(
      layers.map(async ({ id }, k) => {
        for (let round = 0; round < 5; round++) {
          const mount = await (round % 2 ? store : other).mount(id);
          writeFileSync(path.join(mount.path, `f${round}`), `${k}`);
          await mount.unmount();
        }
      }),
    );
    trial.equal(await store.mounts(), [], "mounts left");
    for (const [k, { id }] of layers.entries()) {
      const tree = await viewing(store, await store.commit(id, { durability: "none" }), readTree);
      trial.equal(tree, ["d/x=lower", ...[0, 1, 2, 3, 4].map((round) => `f${round}=${k}`), "f=lower"], `layer ${k}`);
    }
  },
};

export const synced: Check = {
  id: "UM13",
  title: "fsync of a file and of a directory through the mount",
  restsOn: ["durability"],
  cites: [
    "xfstests overlay/002",
    "overlayfs.rst, volatile: the mount option that makes it a no-op",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeFileSync(path.join(root, "f"), "lower"));
    s.edit((root) => {
      const fd = openSync(path.join(root, "f"), "r+");
      try {
        fsyncSync(fd);
        writeSync(fd, "upper");
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      const dir = openSync(root, "r");
      try {
        fsyncSync(dir);
      } finally {
        closeSync(dir);
      }
    });
    await s.remount();
    s.compare();
  },
};

const MEGABYTE = 1024 * 1024;

export const killedInCopyUp: Check = {
  id: "UM10",
  title: "killed while a lower file of 32 MB is being copied up: never half a file",
  restsOn: ["extents"],
  cites: ["overlayfs copies up to an unnamed file (O_TMPFILE) and links it", "measured with four delays"],
  needs: ["mount"],
  async run(trial: Trial) {
    const content = Buffer.alloc(32 * MEGABYTE, "copy-up ");
    const s = await trial.scenario((root) => {
      for (const name of ["0", "1", "2", "3"]) writeFileSync(path.join(root, name), content);
    });
    const before = s.baseFingerprint();
    for (const [index, delayMs] of [0, 2, 6, 15].entries()) {
      const file = path.join(s.root, String(index));
      const writer = await trial.spawn("sh", ["-c", 'echo ready; exec 3<>"$1"; printf X >&3', "sh", file]);
      await writer.line();
      await sleep(delayMs);
      await writer.kill("SIGKILL");
      const after = readFileSync(file);
      trial.equal(after.length, content.length, `size after ${delayMs} ms`);
      trial.ok(after.subarray(1).equals(content.subarray(1)), `content after ${delayMs} ms`);
      trial.equal(readdirSync(s.root).sort(), ["0", "1", "2", "3"], `names after ${delayMs} ms`);
    }
    await eventually(() => s.remount());
    trial.equal(readdirSync(s.root).sort(), ["0", "1", "2", "3"], "names after a remount");
    trial.equal(s.baseFingerprint(), before, "the base layer on disk");
  },
};
