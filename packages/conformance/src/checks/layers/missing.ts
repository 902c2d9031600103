import { rmSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const missingPieces: Check = {
  id: "LA12",
  title:
    "a layer whose body is gone gives an error that names it, never a view with a piece missing; others go on working",
  cites: [
    "a missing lower is ENOENT on overlay, EINVAL on aufs (measured)",
    "podman#5986, podman#12337, moby#42978: torn driver metadata",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, ["a=0"]));
    const broken = await layerOn(store, base, (root) => writeTree(root, ["b=1"]));
    const child = await layerOn(store, broken, (root) => writeTree(root, ["c=2"]));
    const other = await layerOn(store, base, (root) => writeTree(root, ["o=3"]));
    rmSync(broken.body, { recursive: true });
    const next = await trial.openStore("store");
    const before = (await next.list()).map((layer) => layer.id);
    const attempts = {
      view: () => next.view(broken.id),
      diff: () => exported(next, broken),
      "a layer on it": () =>
        next.prepare({ parent: broken.id }).then(async (active) => viewing(next, active, readTree)),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      const refused = await trial.rejects(attempt(), "CORRUPT", `${what} of the broken layer`);
      trial.ok(refused.message.includes(broken.id), `${what}: the error names the layer: ${refused.message}`);
    }
    // A driver that keeps whole trees can still show the child.
    try {
      trial.equal(await viewing(next, child, readTree), ["a=0", "b=1", "c=2"], "the view of the broken layer's child");
    } catch (error) {
      if (!isStorageError(error, "CORRUPT")) throw error;
      trial.ok(error.message.includes(broken.id), `the child's error names the broken layer: ${error.message}`);
    }
    trial.equal(
      (await next.list()).map((layer) => layer.id),
      before,
      "layers after the refusals",
    );
    trial.equal(await next.mounts(), [], "mounts after the refusals");
    const { problems } = await next.check();
    trial.ok(
      problems.some((problem) => problem.layer === broken.id),
      "check tells of the broken layer",
    );
    trial.ok(
      !problems.some((problem) => problem.layer === other.id || problem.layer === base.id),
      "check tells nothing of the others",
    );
    trial.equal(await viewing(next, other, readTree), ["a=0", "o=3"], "the view of another layer");
    const on = await layerOn(next, other, (root) => writeTree(root, ["p=4"]));
    trial.equal(await viewing(next, on, readTree), ["a=0", "o=3", "p=4"], "the view of a new layer");
  },
};
