import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { readTree } from "../whiteout/tree-specs.ts";

/** mount(2) copies a page of options, its NUL included. */
const PAGE = 4095;
/** Of the layer that the page ends in; shorter and longer ones move the end by a byte. */
const TOP = 20;
const LONGEST_ID = 64;

async function layer(store: LayerStore, id: string, parent: string | null, name: string): Promise<void> {
  await store.apply([tarOf(`${name}=`)], { id, parent, durability: "none" });
}

/** What the view's lowers take as an option. */
async function optionBytes(store: LayerStore, id: string): Promise<number> {
  const { steps } = await store.explain(id, "ro");
  const lowers = steps.flatMap((step) => (step.type === "overlay" ? step.lowers : []));
  return Buffer.byteLength(`lowerdir=${lowers.join(":")}`);
}

/**
 * Ids of the layers between the base and the top, such that a top whose id has TOP bytes ends the page: each takes `each`
 * bytes and its id, and what is left over makes ids longer.
 */
function idsUpToThePage(base: number, each: number): string[] {
  const room = PAGE - base - each - TOP;
  const count = Math.floor(room / (each + 3));
  let left = room - count * (each + 3);
  return Array.from({ length: Math.max(count, 0) }, (_, k) => {
    const more = Math.min(left, LONGEST_ID - 3);
    left -= more;
    return `m${String(k).padStart(2, "0")}${"x".repeat(more)}`;
  });
}

export const pageBoundary: Check = {
  id: "PN14",
  title: "options that end a byte before, at and after the page of mount(2): every layer is there",
  cites: [
    "podman#13432, buildkit#4810: an image of many layers, `no such file` or files missing",
    "fs/namespace.c copy_mount_options: 4,095 bytes, cut in silence",
    "LA02 for every number of layers",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    await layer(store, "b0", null, "b0");
    await layer(store, "b1", "b0", "b1");
    await layer(store, "b2", "b1", "b2");
    // Not the base: a driver may show one layer without a union.
    const [two, three] = [await optionBytes(store, "b1"), await optionBytes(store, "b2")];
    // A driver whose plan has no such option has no boundary either: some layers do.
    const unbounded = two === three;
    const ids = unbounded ? ["m00", "m01", "m02"] : idsUpToThePage(three, three - two - "b2".length);
    let parent = "b2";
    for (const [k, id] of ids.entries()) {
      await layer(store, id, parent, `f${k}`);
      parent = id;
    }
    const names = ["b0", "b1", "b2", ...ids.map((_, k) => `f${k}`), "top"].sort();
    for (const more of [-2, -1, 0, 1, 2]) {
      const id = "t".repeat(TOP + more);
      await layer(store, id, parent, "top");
      const bytes = await optionBytes(store, id);
      if (!unbounded) trial.equal(bytes, PAGE + more, "bytes that the view's lowers take as an option");
      const seen = await viewing(store, { id }, (root) => readTree(root).map((spec) => spec.slice(0, -1)));
      trial.equal(seen.sort(), names, `names in the view whose lowers take ${bytes} bytes`);
      const active = await store.prepare({ parent: id, id: "a".repeat(TOP + more) });
      {
        await using mount = await active.mount();
        trial.equal(readTree(mount.path).length, names.length, "names in a writable mount on it");
      }
      await store.remove(active.id);
      await store.remove(id);
    }
  },
};
