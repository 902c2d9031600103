import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { readTree } from "../whiteout/tree-specs.ts";
import { eventually, mountGround } from "./ground.ts";

export const manyMounters: Check = {
  id: "UM27",
  title: "16 layers on one lower, each mounted, written and unmounted three times at once",
  cites: ["measured: 24 processes, 0.1 s", "moby graphdriver: one lock for all"],
  async run(trial: Trial) {
    const { store, base } = await mountGround(trial);
    const other = await trial.openStore("store");
    const layers = await Promise.all(
      Array.from({ length: 16 }, (_, k) => (k % 2 ? store : other).prepare({ parent: base.id })),
    );
    await Promise.all(
      layers.map(async ({ id }, k) => {
        for (let round = 0; round < 3; round++) {
          const mount = await (round % 2 ? store : other).mount(id);
          writeFileSync(path.join(mount.path, `f${round}`), `${k}`);
          await mount.unmount();
        }
      }),
    );
    trial.equal(await store.mounts(), [], "mounts left");
    for (const [k, { id }] of layers.entries()) {
      const tree = await viewing(store, await store.commit(id, { durability: "none" }), readTree);
      trial.equal(tree, ["d/x=lower", ...[0, 1, 2].map((round) => `f${round}=${k}`), "f=lower"], `layer ${k}`);
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

/** As large as lets a kill fall in the midst of its copy-up, which is timed first. */
const COPIED_BYTES = 8 * 1024 * 1024;
/** When the others are killed, in parts of that time. */
const MOMENTS = [0, 0.3, 0.7] as const;

export const killedInCopyUp: Check = {
  id: "UM10",
  title: "killed while a lower file of 8 MB is being copied up: never half a file",
  restsOn: ["extents"],
  cites: ["overlayfs copies up to an unnamed file (O_TMPFILE) and links it", "measured at four moments of it"],
  needs: ["mount"],
  async run(trial: Trial) {
    const content = Buffer.alloc(COPIED_BYTES, "copy-up ");
    const store = await trial.store();
    const names = ["timed", ...MOMENTS.map(String)].sort();
    const base = await layerOn(store, null, (root) => {
      for (const name of names) writeFileSync(path.join(root, name), content);
    });
    const { id } = await store.prepare({ parent: base.id });
    let mount = await store.mount(id);
    const openForWriting = async (name: string) => {
      const script = 'echo ready; read -r go; exec 3<>"$1"; printf X >&3; echo done';
      const writer = await trial.spawn("sh", ["-c", script, "sh", path.join(mount.path, name)]);
      await writer.line();
      writer.send("go");
      return writer;
    };
    const started = performance.now();
    await (await openForWriting("timed")).line();
    const wholeMs = performance.now() - started;
    for (const moment of MOMENTS) {
      const when = `${(moment * wholeMs).toFixed(1)} ms into a copy-up of ${wholeMs.toFixed(1)} ms`;
      const writer = await openForWriting(String(moment));
      await sleep(moment * wholeMs);
      await writer.kill("SIGKILL");
      const after = readFileSync(path.join(mount.path, String(moment)));
      trial.equal(after.length, content.length, `size after a kill ${when}`);
      trial.ok(after.subarray(1).equals(content.subarray(1)), `content after a kill ${when}`);
      trial.equal(readdirSync(mount.path).sort(), names, `names after a kill ${when}`);
    }
    await eventually(() => mount.unmount());
    mount = await store.mount(id);
    trial.equal(readdirSync(mount.path).sort(), names, "names after a remount");
    await mount.unmount();
    const below = store.access(base).dir;
    trial.equal(readdirSync(below).sort(), names, "names in the base layer on disk");
    for (const name of names)
      trial.ok(readFileSync(path.join(below, name)).equals(content), `${name} in the base layer`);
  },
};
