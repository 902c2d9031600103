import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { mountsBelow, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { ext4Image } from "../failures/small-filesystem.ts";
import { failureOf } from "../hostile/ground.ts";

const SYNCED = ["lower", "d/lower", "new", "d/new"];

export const fsyncedBeforePowerLoss: Check = {
  id: "UM28",
  title: "what was fsynced through a mount is there after a power loss, and the parent is whole",
  cites: [
    "fsync(2)",
    "xfstests overlay/002",
    "here the filesystem is shut down without its journal (EXT4_IOC_SHUTDOWN); what a disk's own cache loses is not shown",
    "measured on 6.18",
  ],
  needs: ["root", "mount", "loop-image"],
  deviations: {
    "copy-lost":
      "files of the parent that nobody wrote to are empty or missing: the copy of the parent is synced by the commit only",
  },
  async run(trial: Trial) {
    using disk = ext4Image(trial, 32);
    const before = await disk.openStore();
    const content = "content of the parent ".repeat(500);
    const tree = trial.directoryFor("tree");
    for (const name of ["lower", "d/lower", "untouched", "d/untouched"]) plantFile(tree, name, content);
    // Synced as a whole, which FA15 proves: what is tried here is the active layer on it.
    const { layer: base } = await before.importTree(tree);
    const parentView = await viewing(before, base, treeLines);
    const { id } = await before.prepare({ parent: base.id });
    const mount = await before.mount(id);
    for (const name of SYNCED) writeAndSync(`${mount.path}/${name}`, `synced ${name}`);
    writeFileSync(`${mount.path}/not-synced`, content);
    disk.shutDown();
    // The store cannot note that on a disk which is gone, and may refuse.
    await failureOf(mount.unmount());
    for (const stuck of mountsBelow(`${before.root}/run`)) unmount(stuck.target);
    await failureOf(Promise.resolve(before[Symbol.asyncDispose]()));
    disk.mountAgain();

    await using after = await disk.openStore();
    trial.equal((await after.get(id)).state, "active", "the layer after the power loss");
    let outcome: string | undefined;
    {
      await using again = await after.mount(id);
      for (const name of SYNCED)
        trial.equal(readFileSync(`${again.path}/${name}`, "latin1"), `synced ${name}`, `${name}, which was fsynced`);
      for (const name of ["untouched", "d/untouched"]) {
        const stat = lstatSync(`${again.path}/${name}`, { throwIfNoEntry: false });
        if (stat === undefined || readFileSync(`${again.path}/${name}`, "latin1") !== content) outcome = "copy-lost";
      }
      writeFileSync(`${again.path}/goes-on`, "");
    }
    trial.equal(await viewing(after, base, treeLines), parentView, "the parent's view");
    trial.equal((await after.check()).problems, [], "problems that check finds");
    await after.remove(id);
    return outcome;
  },
};

function writeAndSync(path: string, text: string): void {
  const fd = openSync(path, "w");
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  // A new name is the directory's.
  const directory = openSync(path.replace(/\/[^/]*$/, ""), "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
