import { writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
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
    {
      await using store = await disk.openStore();
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
        trial.ok(isStorageError(refused, "IO") && refused.errno === "EIO", `prepare says IO and EIO, not ${refused}`);
        const applied = await failureOf(store.apply([tar], { parent: base.id }));
        trial.ok(isStorageError(applied, "IO") && applied.errno === "EIO", `apply says IO and EIO, not ${applied}`);
      } finally {
        // The record of the mount cannot be removed any more; the mount itself must be gone.
        await live.unmount().catch(() => {});
      }
      await failureOf(Promise.resolve(active[Symbol.asyncDispose]()));
    }
    disk.mountAgain();
    await using store = await disk.openStore();
    for (const [id, { bytes, view }] of expected) {
      trial.equal((await store.get(id)).state, "committed", `${id} is committed after the power loss`);
      trial.equal(await viewing(store, { id }, treeLines), view, `${id}: its view`);
      trial.ok(bytes.equals(await exported(store, { id })), `${id}: its exported bytes`);
    }
    const { problems } = await store.check();
    trial.equal(
      problems.filter((p) => p.layer !== null && expected.has(p.layer)),
      [],
      "problems that check finds in them",
    );
  },
};
