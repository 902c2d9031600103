import { readdirSync, rmSync, unlinkSync } from "node:fs";
import path from "node:path";
import type { AppliedLayer, LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, sha256Of } from "../diff/layers.ts";
import { readTree, type TreeSpec, writeTree } from "./tree-specs.ts";

async function viewOf(store: LayerStore, id: string): Promise<TreeSpec[]> {
  const view = await store.view(id);
  try {
    return readTree(view.path);
  } finally {
    await view.unmount();
  }
}

export const handMadeLayers: Check = {
  id: "WH11",
  title: "hand-made layers with whiteouts, opaque markers and re-creation follow the top-down rule",
  restsOn: ["special", "xattrs"],
  cites: ["OCI image-spec layer.md, whiteouts and opaque whiteout", "overlayfs.rst, multiple lower layers"],
  async run(trial: Trial) {
    const store = await trial.store();
    const layers: [tar: Buffer, view: TreeSpec[]][] = [
      [tarOf("a=0", "b=0", "d/", "d/x=0", "d/y=0", "e/", "e/1=0"), ["a=0", "b=0", "d/x=0", "d/y=0", "e/1=0"]],
      [tarOf(".wh.a", "d/", "d/.wh..wh..opq", "d/n=1", ".wh.e"), ["b=0", "d/n=1"]],
      [tarOf("a=2", "d/", "d/.wh.n", "d/z=2", "e/", "e/2=2"), ["a=2", "b=0", "d/z=2", "e/2=2"]],
      [tarOf("a/", "a/in=3", ".wh.b", ".wh.d", "e/", "e/.wh..wh..opq"), ["a/in=3", "e/"]],
    ];
    let parent: string | null = null;
    const ids: string[] = [];
    for (const [tar] of layers) {
      const { layer }: AppliedLayer = await store.apply([tar], { parent });
      parent = layer.id;
      ids.push(layer.id);
    }
    for (const [index, [, view]] of layers.entries()) {
      const id = ids[index] ?? "";
      trial.equal(await viewOf(store, id), view, `view of layer ${index}`);
      const active = await store.prepare({ parent: id });
      const mount = await active.mount();
      trial.equal(readTree(mount.path), view, `active layer on layer ${index}`);
      await mount.unmount();
    }
  },
};

export const sixGenerations: Check = {
  id: "WH12",
  title: "six generations of deleting and making again: parity decides, committed layers never change",
  cites: [
    "containerd testsuite DeletedFilesInChildSnapshot",
    "xfstests overlay/031",
    "containerd core/snapshots: a committed snapshot is immutable",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/n0=0", "f=0", "kept=k"]));
    const store = await trial.store();
    const committed: { id: string; digest: string; view: TreeSpec[] }[] = [];
    for (let generation = 1; generation <= 6; generation++) {
      s.edit((root) => {
        if (generation % 2 === 1) {
          unlinkSync(path.join(root, "f"));
          rmSync(path.join(root, "d"), { recursive: true });
        } else writeTree(root, [`d/n${generation}=${generation}`, `f=${generation}`]);
      });
      s.compare();
      const { id } = await s.commit();
      s.compare();
      const there = generation % 2 === 1 ? ["kept"] : ["d", "f", "kept"];
      trial.equal(readdirSync(s.root).sort(), there, `names after generation ${generation}`);
      committed.push({ id, digest: sha256Of(await exported(store, { id })), view: await viewOf(store, id) });
    }
    trial.equal(readTree(s.root), ["d/n6=6", "f=6", "kept=k"], "the last tree");
    for (const [index, { id, digest, view }] of committed.entries()) {
      trial.equal(sha256Of(await exported(store, { id })), digest, `archive of generation ${index + 1}, read again`);
      trial.equal(await viewOf(store, id), view, `view of generation ${index + 1}, read again`);
    }
  },
};

export const tenLayers: Check = {
  id: "WH27",
  title: "whiteouts hold after commit and remount through 1, 2 and 10 layers",
  cites: [
    "unionmount-testsuite with 10 layers",
    "moby graphtest DeepLayerRead",
    "overlayfs.rst, multiple lower layers",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const tree = Array.from({ length: 11 }, (_, k) => [`d${k}/a=0`, `d${k}/b=0`, `f${k}=0`]).flat();
    const s = await trial.scenario((root) => writeTree(root, tree));
    for (let layer = 1; layer <= 10; layer++) {
      s.edit((root) => {
        // A file and a directory go; those that went a layer ago come back, replaced.
        for (const gone of [`d${layer}`, `d${layer - 1}`, `f${layer}`])
          rmSync(path.join(root, gone), { recursive: true, force: true });
        writeTree(root, [`d${layer - 1}/new=${layer}`, `f${layer - 1}=${layer}`]);
      });
      await s.remount();
      s.compare();
      await s.commit();
      if (layer === 1 || layer === 2 || layer === 10) s.compare();
    }
    const after = Array.from({ length: 10 }, (_, k) => [`d${k}/new=${k + 1}`, `f${k}=${k + 1}`]).flat();
    trial.equal(readTree(s.root), after.sort(), "the tree on ten layers");
  },
};
