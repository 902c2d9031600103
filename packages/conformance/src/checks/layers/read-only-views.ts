import { mkdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Layer } from "@copyup/core";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { readTree, type TreeSpec, writeTree } from "../whiteout/tree-specs.ts";

export const readOnlyViews: Check = {
  id: "LA11",
  title: "read-only views of one layer and of two: EROFS for everything, and no marks to be seen",
  cites: [
    "overlayfs.rst: without an upper at least two lowers",
    "containerd testsuite ViewReadonly",
    "a bind of one layer shows its c 0:0 nodes (measured)",
  ],
  deviations: { "path-itself": "without the right to mount, a view is the layer's own directory, which is writable" },
  async run(trial: Trial) {
    const store = await trial.store();
    const one = (await store.apply([tarOf("a=1", "d/", "d/.wh..wh..opq", "d/x=1", ".wh.gone", "gone2=1")])).layer;
    const two = await layerOn(store, one, (root) => {
      unlinkSync(path.join(root, "gone2"));
      rmSync(path.join(root, "d"), { recursive: true });
      writeTree(root, ["d/y=2"]);
    });
    let outcome: string | undefined;
    const views: [Layer, TreeSpec[]][] = [
      [one, ["a=1", "d/x=1", "gone2=1"]],
      [two, ["a=1", "d/y=2"]],
    ];
    for (const [layer, tree] of views) {
      const view = await store.view(layer.id);
      trial.equal(readTree(view.path), tree, `the view of ${layer === one ? "one layer" : "two layers"}`);
      trial.equal(view.mode, "ro", "its mode");
      if (!view.mounted) outcome = "path-itself";
      else {
        const at = (name: string) => path.join(view.path, name);
        const attempts: Record<string, () => void> = {
          create: () => writeFileSync(at("new"), ""),
          write: () => writeFileSync(at("a"), ""),
          mkdir: () => mkdirSync(at("new")),
          unlink: () => unlinkSync(at("a")),
          "rm -r": () => rmSync(at("d"), { recursive: true }),
        };
        for (const [what, attempt] of Object.entries(attempts)) trial.equal(trial.errno(attempt), "EROFS", what);
        trial.equal(readTree(view.path), tree, "the view after the attempts");
      }
      await view.unmount();
    }
    return outcome;
  },
};
