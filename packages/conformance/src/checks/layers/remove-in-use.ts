import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const removeInUse: Check = {
  id: "LA23",
  title: "a layer that is another's parent is not removed, and its child is named",
  cites: ["containerd testsuite RemoveIntermediateSnapshot", "moby's Remove does not check parents"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, ["a=0"]));
    const middle = await layerOn(store, base, (root) => writeTree(root, ["b=1"]));
    const top = await layerOn(store, middle, (root) => writeTree(root, ["c=2"]));
    const active = await store.prepare({ parent: middle.id });
    for (const [parent, children] of [
      [base, [middle.id]],
      [middle, [top.id, active.id]],
    ] as const) {
      const refused = await trial.rejects(store.remove(parent.id), "LAYER_IN_USE", "removing a parent");
      for (const child of children)
        trial.ok(
          `${refused.message} ${refused.hint}`.includes(child),
          `the refusal names ${child}: ${refused.message}`,
        );
    }
    trial.equal(await viewing(store, top, readTree), ["a=0", "b=1", "c=2"], "the view after the refusals");
    for (const id of [active.id, top.id, middle.id, base.id]) await store.remove(id);
    trial.equal(await store.list(), [], "layers left");
  },
};
