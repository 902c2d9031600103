import { closeSync, fsyncSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MS_REMOUNT, mount2 } from "@copyup/linux";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { ext4Image } from "../failures/small-filesystem.ts";
import { failureOf } from "../hostile/ground.ts";

/** Makes the journal commit: names and sizes reach the disk, delayed data does not. */
function commitJournal(directory: string): void {
  const fd = openSync(path.join(directory, "synced"), "w");
  try {
    writeFileSync(fd, "x");
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export const zeroByteFiles: Check = {
  id: "PN03",
  title: "power loss after a commit: with durability data every byte is there; with none check names what was lost",
  cites: [
    "moby#49784, containerd#5854, containerd#14164: files of zero bytes, and pulling again does not help",
    "ext4(5), delayed allocation",
    "FA15 for every verb",
  ],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    using disk = ext4Image(trial, 32);
    const before = await disk.openStore();
    const edit = (root: string) => {
      for (let k = 0; k < 20; k++) plantFile(root, `d/f${k}`, `content of ${k} `.repeat(400));
    };
    for (const durability of ["data", "none"] as const) {
      const active = await before.prepare({ id: durability });
      {
        await using mount = await active.mount();
        edit(mount.path);
      }
      await active.commit({ durability });
    }
    const view = await viewing(before, { id: "data" }, treeLines);
    commitJournal(disk.path);
    disk.shutDown();
    await failureOf(Promise.resolve(before[Symbol.asyncDispose]()));
    disk.mountAgain();
    await using store = await disk.openStore();
    trial.equal(await viewing(store, { id: "data" }, treeLines), view, "the durable layer's view");
    const { problems } = await store.check();
    trial.equal(
      problems.filter(({ layer }) => layer !== "none"),
      [],
      "problems of anything but the layer that was not synced",
    );
    const there = readdirSync(path.join(store.root, "layers")).includes("none");
    // Whatever the kernel had written by then, nobody takes a layer with holes for a good one.
    if (there && problems.length === 0)
      trial.equal(
        await viewing(store, { id: "none" }, treeLines),
        view,
        "the layer that check finds nothing wrong with",
      );
    // Getting it again helps: the bad one can be removed, and its id used.
    if (there) await store.remove("none");
    await layerOn(store, null, edit);
    await (await store.prepare({ id: "none" })).commit();
    trial.equal((await store.check()).problems, [], "problems once it was made again");
  },
};

export const tornMetadata: Check = {
  id: "PN04",
  title:
    "power loss after records were rewritten: the last one told of, never a torn one; what can be derived is not needed",
  cites: [
    "podman#5986, podman#12337, moby#42978: torn metadata, and nothing starts any more",
    "FA11 and KL06",
    "rules.md rule 11: the graph can be rebuilt from disk alone",
  ],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    using disk = ext4Image(trial, 32);
    let written = 0;
    for (let loss = 0; loss < 3; loss++) {
      // Without ext4's own guess that a file renamed over another is wanted whole: xfs and others do not guess.
      mount2("none", disk.path, "ext4", MS_REMOUNT, "noauto_da_alloc");
      const before = await disk.openStore();
      if (loss === 0) await (await before.prepare()).commit({ durability: "data" });
      const [layer] = await before.list();
      const id = layer?.id ?? "";
      for (let k = 0; k < 5 + loss * 3; k++) {
        written++;
        await before.setLabels(id, { round: String(written), text: "x".repeat(written * 37) });
      }
      if (loss > 0) commitJournal(disk.path);
      disk.shutDown();
      await failureOf(Promise.resolve(before[Symbol.asyncDispose]()));
      disk.mountAgain();
      await using store = await disk.openStore();
      const [found] = await store.list();
      const round = Number(found?.labels.round ?? 0);
      trial.equal(found?.id, id, `the layer after power loss ${loss + 1}`);
      // A change that was told of is durable: the last one is there, not only some whole one.
      trial.equal(round, written, "the round its record is of");
      trial.equal(found?.labels.text ?? "", "x".repeat(round * 37), "both labels are of one round");
      trial.equal((await store.check()).problems, [], "problems that check finds");
    }
    // Everything that is not a layer may be lost too.
    const root = `${disk.path}/store`;
    for (const name of readdirSync(root))
      if (name !== "layers" && name !== "store.json") rmSync(`${root}/${name}`, { recursive: true });
    await using store = await openStore({ root, driver: trial.driver, host: trial.host });
    const [layer] = await store.list();
    trial.ok(layer && (await exported(store, layer)).length >= 512, "the layer, with nothing but layers/ left");
  },
};
