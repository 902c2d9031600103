import { writeFileSync } from "node:fs";
import path from "node:path";
import { mountsBelow } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const twentyAtOnce: Check = {
  id: "LA22",
  title: "20 layers made, mounted, committed, applied and removed at once by two openers: none lost, none left over",
  cites: [
    "podman#14003: a killed pull blocks others",
    "containers/storage locks across processes, containerd's snapshotters do not",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const openers = [await trial.store(), await trial.openStore("store")] as const;
    const [store] = openers;
    const base = await layerOn(store, null, (root) => writeTree(root, ["base=0"]));
    const fates = await Promise.all(
      Array.from({ length: 20 }, async (_, k) => {
        const mine = openers[k % 2 === 0 ? 0 : 1];
        const id = `layer-${k}`;
        if (k % 4 === 3) {
          await mine.apply([tarOf(`f=${k}`)], { parent: base.id, id, durability: "none" });
        } else {
          const active = await mine.prepare({ parent: base.id, id });
          const mount = await active.mount();
          writeFileSync(path.join(mount.path, "f"), String(k));
          await mount.unmount();
          if (k % 4 !== 2) await active.commit({ durability: "none" });
        }
        // Every fifth goes again, active or committed.
        if (k % 5 === 0) await mine.remove(id);
        return { id, there: k % 5 !== 0, state: k % 4 === 2 ? "active" : "committed", tree: ["base=0", `f=${k}`] };
      }),
    );
    const there = fates.filter((fate) => fate.there);
    for (const opener of openers) {
      const found = (await opener.list())
        .filter((layer) => layer.id !== base.id)
        .map((layer) => `${layer.id} ${layer.state}`);
      trial.equal(found.sort(), there.map((fate) => `${fate.id} ${fate.state}`).sort(), "layers");
      trial.equal(await opener.mounts(), [], "mounts the store knows of");
    }
    trial.equal(mountsBelow(trial.scratch), [], "mounts below the scratch directory");
    for (const { id, tree } of there) trial.equal(await viewing(store, { id }, readTree), tree, `the view of ${id}`);
    trial.equal((await store.check()).problems, [], "problems that check finds");
  },
};
