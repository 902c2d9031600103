import { writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { mountsBelow, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { failureOf } from "../hostile/ground.ts";
import { archive, directory, ROOT } from "../hostile/raw-tar.ts";
import { ext4Image } from "./small-filesystem.ts";

/** FA05 */
export const diskGone: Check = {
  id: "FA05",
  title:
    "When the disk answers EIO the verbs say so, the unmount works, and after a power loss every committed layer is whole",
  cites: [
    "catalogue.md FA05, UM28",
    "ext4 EXT4_IOC_SHUTDOWN",
    "moby#49784, containerd#5854: zero-byte files after power loss",
    "house.md rule 1: durability `data`",
  ],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    using disk = ext4Image(trial, 64);
    const expected = new Map<string, { bytes: Buffer; view: string[] }>();
    const store = await disk.openStore();
    try {
      const base = await layerOn(store, null, (root) => {
        for (let i = 0; i < 40; i++) plantFile(root, `d${i % 4}/f${i}`, `content of ${i} `.repeat(200));
      });
      const tar = archive(ROOT, directory("d0"), { path: "d0/pulled", data: Buffer.alloc(200_000, "pulled") });
      const { layer: pulled } = await store.apply([tar], { parent: base.id, durability: "data" });
      const { id } = await store.prepare({ parent: pulled.id });
      const mount = await store.mount(id);
      for (let i = 0; i < 40; i++) writeFileSync(`${mount.path}/made${i}`, `made ${i} `.repeat(300));
      await mount.unmount();
      const made = await store.commit(id, { durability: "data" });
      for (const layer of [base, pulled, made]) {
        expected.set(layer.id, { bytes: await exported(store, layer), view: await viewing(store, layer, treeLines) });
      }
      const active = await store.prepare({ parent: made.id });
      const live = await active.mount();
      try {
        disk.shutDown();
        trial.equal(
          trial.errno(() => writeFileSync(`${live.path}/new`, "x")),
          "EIO",
          "a new file on the mount",
        );
        trial.equal(
          trial.errno(() => writeFileSync(`${live.path}/d0/f0`, "x")),
          "EIO",
          "a write to a parent's file",
        );
        const refused = await failureOf(store.prepare({ parent: base.id }));
        trial.ok(isLost(refused), `prepare says IO and EIO, not ${refused}`);
        const applied = await failureOf(store.apply([tar], { parent: base.id }));
        trial.ok(isLost(applied), `apply says IO and EIO, not ${applied}`);
      } finally {
        // The store keeps its records on the lost disk: it may refuse, saying so; the mount itself must not be stuck.
        const said = await failureOf(live.unmount());
        trial.ok(said === null || isLost(said), `unmount works or says IO and EIO, not ${said}`);
        for (const mount of mountsBelow(`${store.root}/run`)) unmount(mount.target);
      }
    } finally {
      // So may the end of the layer and of the store, whose directories cannot be removed any more.
      const said = await failureOf(Promise.resolve(store[Symbol.asyncDispose]()));
      trial.ok(said === null || isLost(said), `closing works or says IO and EIO, not ${said}`);
    }
    disk.mountAgain();
    await using after = await disk.openStore();
    for (const [id, { bytes, view }] of expected) {
      trial.equal((await after.get(id)).state, "committed", `${id} is committed after the power loss`);
      trial.equal(await viewing(after, { id }, treeLines), view, `${id}: its view`);
      trial.ok(bytes.equals(await exported(after, { id })), `${id}: its exported bytes`);
    }
    const { problems } = await after.check();
    trial.equal(
      problems.filter((p) => p.layer !== null && expected.has(p.layer)),
      [],
      "problems that check finds in them",
    );
  },
};

function isLost(error: unknown): boolean {
  return isStorageError(error, "IO") && error.errno === "EIO";
}
