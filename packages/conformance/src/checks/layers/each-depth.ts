import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isStorageError, type Layer, type MountPlan } from "@copyup/core";
import { carryOut, isSystemError, OVERLAY_RUNGS, type OverlayRung, overlaySupport, unmount } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, layerOn, viewing } from "../diff/layers.ts";
import { parseSpec, readTree, type TreeSpec, writeTree } from "../whiteout/tree-specs.ts";
import { applyChain } from "./chains.ts";

/**
 * How many layers lie below the writable one. 126 and 127 are where aufs and the engines that write paths into mount(2)'s page
 * stop, 499 are all that overlay has room for where the layer itself is to be viewed later.
 */
const DEPTHS = [1, 2, 50, 126, 127, 250, 499];
/** Where each layer is a copy of its parent, 499 of them are 125,000 files. */
const COPIED = 50;
/** The longer ones are about what the kernel's overlay takes and how it is told; LA01 has 500 of every union. */
const OTHERS = 127;

export const eachDepth: Check = {
  id: "LA30",
  title: `writable layers on ${DEPTHS.join(", ")} others (up to ${OTHERS} where the kernel's overlay is not used, ${COPIED} where each is a copy), mounted in each way there is: every layer's file, a copy-up, a whiteout, a directory replaced, the commit`,
  cites: [
    "fs/overlayfs/params.h: OVL_MAX_STACK is 500",
    "fs/namespace.c copy_mount_options: 4,095 bytes; so more than a dozen long paths or 230 numbers take another way (docs/decisions/0020)",
    "overlayfs.rst: lowerdir+ since 6.8, descriptors since 6.13",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, BASE));
    const overlay = isOverlay(await store.explain(base.id, "ro"));
    const room = overlay ? Number.POSITIVE_INFINITY : store.driver.dialect === "tree" ? COPIED : OTHERS;
    const depths = DEPTHS.filter((depth) => depth <= Math.min(room, store.driver.maxParents ?? room));
    const chain = [base, ...(await applyChain(store, base, Math.max(...depths) - 1, (k) => [`f${k + 1}=${k + 1}`]))];
    for (const depth of depths) {
      trial.signal.throwIfAborted();
      await edited(trial, store, chain.slice(0, depth));
    }
  },
};

const BASE: readonly TreeSpec[] = ["bottom=0", "d/hidden=0", "f0=0", "gone=0"];

function isOverlay(plan: MountPlan): boolean {
  return plan.steps.every(({ type }) => type === "overlay");
}

function filesOf(chain: readonly Layer[]): TreeSpec[] {
  return chain.map((_, k) => `f${k}=${k}`);
}

/**
 * Of the layers' files every fiftieth and the nearest are read; the others are only listed, which shows each layer too, because
 * no other has that name. A name is looked up in each of 500 layers: reading them all took most of this check's time.
 */
function isRead(name: string, depth: number): boolean {
  const k = Number(/^f(\d+)$/.exec(name)?.[1] ?? 0);
  return k % 50 === 0 || k >= depth - 2;
}

function lookAt(root: string, depth: number): TreeSpec[] {
  const specs = readdirSync(root).flatMap((name) => {
    const at = path.join(root, name);
    if (!isRead(name, depth)) return [name];
    return lstatSync(at).isDirectory() ? readTree(root, name) : [`${name}=${readFileSync(at, "utf8")}`];
  });
  return specs.sort();
}

/** The tree as `lookAt` tells it. */
function toldOf(specs: readonly TreeSpec[], depth: number): TreeSpec[] {
  return specs.map((spec) => (isRead(parseSpec(spec).name, depth) ? spec : parseSpec(spec).name)).sort();
}

async function edited(trial: Trial, store: LayerStore, chain: readonly Layer[]): Promise<void> {
  const depth = chain.length;
  const id = chain[depth - 1]?.id ?? null;
  const layer = await store.prepare({ parent: id });
  const files = filesOf(chain);
  const before = toldOf([...files, ...BASE.filter((spec) => spec !== "f0=0")], depth);
  const after = toldOf([...files.slice(0, -1), "bottom=0 and more", "d/new=1", "top=1"], depth);
  {
    await using mount = await layer.mount();
    trial.equal(lookAt(mount.path, depth), before, `${depth} layers`);
    writeFileSync(path.join(mount.path, "bottom"), " and more", { flag: "a" });
    unlinkSync(path.join(mount.path, "gone"));
    unlinkSync(path.join(mount.path, `f${depth - 1}`));
    rmSync(path.join(mount.path, "d"), { recursive: true });
    mkdirSync(path.join(mount.path, "d"));
    writeTree(mount.path, ["d/new=1", "top=1"]);
    trial.equal(lookAt(mount.path, depth), after, `${depth} layers, edited`);
  }
  await inEachWay(trial, store, layer.id, (root, way) =>
    trial.equal(lookAt(root, depth), after, `${depth} layers, by ${way}`),
  );
  const committed = await layer.commit({ durability: "none" });
  const view = await viewing(store, committed, (root) => lookAt(root, depth));
  trial.equal(view, after, `the view of ${depth + 1} layers`);
  const changes = (await changeList(store, committed)).filter((change) => !/^modify (d|\.)$/.test(change));
  trial.equal(
    changes.sort(),
    ["add d/new", "add top", "delete d/hidden", `delete f${depth - 1}`, "delete gone", "modify bottom"].sort(),
    `what changed on ${depth} layers`,
  );
  if (id !== null) {
    const parent = await viewing(store, { id }, (root) => lookAt(root, depth));
    trial.equal(parent, before, `the parent of it, ${depth} layers`);
  }
}

/** By each way that this kernel has and that has room for so many; a union of another kind has one. */
async function inEachWay(
  trial: Trial,
  store: LayerStore,
  id: string,
  look: (root: string, way: string) => void,
): Promise<void> {
  const plan = await store.explain(id, "rw");
  if (!isOverlay(plan)) return;
  const support = overlaySupport();
  const ways: Record<OverlayRung, boolean> = {
    descriptors: support.descriptors.ok,
    strings: support.strings.ok,
    options: plan.steps.every((step) => step.type === "overlay" && step.lowers.length <= 2),
    numbers: true,
  };
  for (const rung of OVERLAY_RUNGS) {
    const target = trial.directoryFor(rung);
    try {
      carryOut(plan, target, { rung });
    } catch (error) {
      if (ways[rung] || !(isStorageError(error) || isSystemError(error) || error instanceof RangeError)) throw error;
      continue;
    }
    try {
      look(target, rung);
    } finally {
      unmount(target);
    }
  }
}
