import { rmSync, writeFileSync } from "node:fs";
import { packLayer, type ViewParts } from "@copyup/archive";
import type { Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, exported, layerOn, viewing } from "./layers.ts";
import { treeLines } from "./read-tree.ts";

/** DA13 */
export const againstAnotherParent: Check = {
  id: "DA13",
  title:
    "A layer compared with a view that is not its parent's: all differences are found, and lead from the one to the other",
  cites: [
    "catalogue.md DA13: moby's and containers/storage's drivers fall back to a walk of both trees",
    "layers.md: an exported layer is a function of two views",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const name of ["a", "b", "c", "d/x", "d/y", "e/z"]) plantFile(root, name, "of the base", OLD);
    });
    const middle = await layerOn(store, base, (root) => {
      rmSync(`${root}/a`);
      rmSync(`${root}/d`, { recursive: true });
      plantFile(root, "d/new", "of the middle", OLD);
      plantFile(root, "b", "of the mid!", OLD);
    });
    const top = await layerOn(store, middle, (root) => {
      // Back to what the base has, byte for byte and time for time: no difference to it.
      plantFile(root, "b", "of the base", OLD);
      plantFile(root, "a", "again", OLD);
      rmSync(`${root}/e/z`);
    });
    const sibling = await layerOn(store, base, (root) => {
      writeFileSync(`${root}/c`, "of the other branch");
      plantFile(root, "only-here/f");
    });
    for (const [what, to] of [
      ["its grandparent", base],
      ["another branch", sibling],
      ["itself", top],
      ["nothing", null],
    ] as const) {
      const tar = await packed(store, top, to);
      const again = await applied(store, to, tar);
      trial.equal(await linesOf(store, again), await linesOf(store, top), `the view of the difference to ${what}`);
      // The same views, the same bytes.
      trial.ok(tar.equals(await exported(store, again)), `the layer that it became exports it again (${what})`);
    }
    trial.ok(
      !(await packed(store, top, base)).includes("of the mid!"),
      "what came back to what it was is no difference",
    );
    trial.equal((await packed(store, top, top)).length, 1024, "bytes of an archive without a difference");
  },
};

const OLD = { mtimeNs: 1_000_000_000_000_000_000n };

async function packed(store: LayerStore, layer: Layer, to: Layer | null): Promise<Buffer> {
  const below = to === null ? null : await partsOf(store, to);
  const parts: Buffer[] = [];
  for await (const part of packLayer({ above: await partsOf(store, layer), below })) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function partsOf(store: LayerStore, layer: Layer): Promise<ViewParts> {
  return (await store.chain(layer.id)).map((one) => {
    const { dir, dialect } = store.access(one);
    return { dir, dialect };
  });
}

async function linesOf(store: LayerStore, layer: Layer): Promise<string[]> {
  return viewing(store, layer, treeLines);
}
