import { writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { mountsBelow, unmount } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { failureOf } from "../hostile/ground.ts";
import { ext4Image } from "./small-filesystem.ts";

const PULLED = archive(ROOT, directory("d0"), { path: "d0/pulled", data: Buffer.alloc(200_000, "pulled") });

/** FA05 */
export const diskGone: Check = {
  id: "FA05",
  title: "When the disk answers EIO the verbs say so, what is cached can be read, and nothing hangs or is held",
  cites: ["catalogue.md FA05", "ext4 EXT4_IOC_SHUTDOWN"],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    using disk = ext4Image(trial, 32);
    const store = await disk.openStore();
    try {
      const base = await layerOn(store, null, (root) => plantFile(root, "d/f", "content"));
      const { id } = await store.prepare({ parent: base.id });
      const mount = await store.mount(id);
      disk.shutDown();
      const written = ["new", "d/f"].map((name) => trial.errno(() => writeFileSync(`${mount.path}/${name}`, "x")));
      trial.equal(written, ["EIO", "EIO"], "writes to a new and to the parent's file");
      trial.equal((await store.list()).length, 2, "layers listed");
      const verbs: Record<string, () => Promise<unknown>> = {
        prepare: () => store.prepare({ parent: base.id }),
        apply: () => store.apply([PULLED], { parent: base.id }),
        labels: () => store.setLabels(base.id, { a: "b" }),
      };
      for (const [verb, run] of Object.entries(verbs)) {
        const error = await failureOf(run());
        trial.ok(isLost(error), `${verb} says IO and EIO, not ${error}`);
      }
      // The store keeps its records on the lost disk: it may refuse, saying so; the mount itself must not be stuck.
      const said = await failureOf(mount.unmount());
      trial.ok(said === null || isLost(said), `unmount works or says IO and EIO, not ${said}`);
      for (const stuck of mountsBelow(`${store.root}/run`)) unmount(stuck.target);
    } finally {
      // So may the end of the store, whose directories cannot be removed any more.
      const said = await failureOf(Promise.resolve(store[Symbol.asyncDispose]()));
      trial.ok(said === null || isLost(said), `closing works or says IO and EIO, not ${said}`);
    }
  },
};

function isLost(error: unknown): boolean {
  return isStorageError(error, "IO") && error.errno === "EIO";
}

/** FA15 */
export const powerLoss: Check = {
  id: "FA15",
  title: "A power loss right after a commit, an apply or an import: the layer is there and whole, its parents too",
  cites: [
    "moby#49784, containerd#5854, containerd#14164: zero-byte files after power loss",
    "rules.md rule 1: durability `data` is the default",
    "catalogue.md UM28",
  ],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    const tree = trial.directoryFor("tree");
    for (let i = 0; i < 30; i++) plantFile(tree, `d${i % 3}/f${i}`, `content of ${i} `.repeat(200));
    const verbs: Record<string, (store: LayerStore, base: string) => Promise<string>> = {
      import: async (store) => (await store.importTree(tree)).layer.id,
      apply: async (store, parent) => (await store.apply([PULLED], { parent })).layer.id,
      commit: async (store, parent) => {
        const { id } = await store.prepare({ parent });
        const mount = await store.mount(id);
        for (let i = 0; i < 30; i++) writeFileSync(`${mount.path}/made${i}`, `made ${i} `.repeat(300));
        await mount.unmount();
        return (await store.commit(id)).id;
      },
    };
    for (const [verb, run] of Object.entries(verbs)) {
      using disk = ext4Image(trial, 32);
      const before = await disk.openStore();
      const base = await layerOn(before, null, (root) => plantFile(root, "in-base", "b".repeat(5000)));
      const id = await run(before, base.id);
      const view = await viewing(before, { id }, treeLines);
      disk.shutDown();
      await failureOf(Promise.resolve(before[Symbol.asyncDispose]()));
      disk.mountAgain();
      await using after = await disk.openStore();
      trial.equal((await after.get(id)).state, "committed", `${verb}: the layer after the power loss`);
      trial.equal(await viewing(after, { id }, treeLines), view, `${verb}: its view, with the parent's files`);
      trial.equal((await after.check()).problems, [], `${verb}: problems that check finds`);
    }
  },
};
