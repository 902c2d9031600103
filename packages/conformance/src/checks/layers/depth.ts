import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";
import { applyChain, depthFor, topOf } from "./chains.ts";

const LIMITED = "a layer can have no more ancestors than that; the next is refused with TOO_MANY_LAYERS";

/** More than any union's option page takes. Where each layer is a copy of its parent there is no other way to be limited. */
const COPIED = 130;

export const fiveHundred: Check = {
  id: "LA01",
  title: `a chain of 500 layers (${COPIED} where each is a copy) mounts and shows the lowest one's file; the first too many is refused`,
  cites: [
    "fs/overlayfs/params.h: OVL_MAX_STACK is 500; EINVAL, on 5.10 ENOMEM (measured)",
    "moby: 128 layers, from the length of the options",
    "aufs: 127 branches by its configuration",
  ],
  deviations: { "limit-499": LIMITED, "limit-126": LIMITED },
  async run(trial: Trial) {
    const store = await trial.store();
    const most = store.driver.maxParents ?? 500;
    const base = await layerOn(store, null, (root) => writeTree(root, ["bottom=0", "gone=0"]));
    // With the base: as many ancestors as the next layer may have.
    const marked = (k: number) => k % 100 === 50;
    const wanted = store.driver.dialect === "tree" ? COPIED : 500;
    const chain = await applyChain(store, base, Math.min(most, wanted) - 1, (k) => (marked(k) ? [`f${k}=${k}`] : []));
    const marks = [...chain.keys()].filter(marked).map((k) => `f${k}=${k}`);
    const top = topOf(chain);
    trial.equal((await store.chain(top.id)).length, chain.length + 1, "length of the chain");
    trial.equal(await viewing(store, top, readTree), ["bottom=0", ...marks, "gone=0"].sort(), "the view");

    const active = await store.prepare({ parent: top.id });
    const mount = await active.mount();
    trial.equal(readFileSync(path.join(mount.path, "bottom"), "utf8"), "0", "the lowest layer's file");
    unlinkSync(path.join(mount.path, "gone"));
    writeFileSync(path.join(mount.path, "bottom"), "new");
    await mount.unmount();
    const last = await active.commit({ durability: "none" });
    return most > 500 || store.driver.maxParents === null
      ? oneMore(trial, store, last)
      : refusesOneMore(trial, store, last, store.driver.maxParents);
  },
};

async function oneMore(trial: Trial, store: LayerStore, last: Layer): Promise<void> {
  const more = await layerOn(store, last, (root) => writeTree(root, ["more=1"]));
  const tree = await viewing(store, more, (root) => readdirSync(root));
  trial.ok(tree.includes("more") && !tree.includes("gone"), `the view of one more layer: ${tree.join(" ")}`);
}

async function refusesOneMore(trial: Trial, store: LayerStore, last: Layer, most: number): Promise<string> {
  const before = (await store.list()).length;
  const refused = await trial.rejects(store.prepare({ parent: last.id }), "TOO_MANY_LAYERS", "one layer too many");
  trial.ok(refused.message.includes(String(most)), `the refusal tells the limit: ${refused.message}`);
  trial.equal((await store.list()).length, before, "layers after the refusal");
  // What can be made must be viewable, where the layer itself is one lower more.
  const tree = await viewing(store, last, (root) => readdirSync(root));
  trial.ok(tree.includes("bottom") && !tree.includes("gone"), `the view of the longest chain: ${tree.join(" ")}`);
  return `limit-${most}`;
}

export const deepRead: Check = {
  id: "LA24",
  title: "128 layers (44 where each is a copy): each one's file and the lowest one's are read through all of them",
  cites: ["moby graphtest DeepLayerRead(128)", "containerd testsuite 128LayersMount", "measured on 6.18"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, ["d/bottom=0", "shared=0"]));
    const names = (count: number) => ["bottom", ...Array.from({ length: count }, (_, k) => `f${k}`)].sort();
    const deepest = depthFor(store, 127);
    const chain = await applyChain(store, base, deepest, (k) => [`d/f${k}=${k}`, `shared=${k}`]);
    for (const depth of [1, Math.floor(deepest / 2), deepest]) {
      const layer = topOf(chain.slice(0, depth));
      await viewing(store, layer, (root) => {
        trial.equal(readdirSync(path.join(root, "d")).sort(), names(depth), `names at depth ${depth}`);
        const wrong = names(depth).filter(
          (name) => readFileSync(path.join(root, "d", name), "utf8") !== (name === "bottom" ? "0" : name.slice(1)),
        );
        trial.equal(wrong, [], `files with wrong content at depth ${depth}`);
        trial.equal(
          readFileSync(path.join(root, "shared"), "utf8"),
          String(depth - 1),
          `the file every layer rewrites, at depth ${depth}`,
        );
      });
    }
  },
};
