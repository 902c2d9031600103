import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type LayerStore, openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { writeTree } from "../whiteout/tree-specs.ts";
import { applyChain, depthFor } from "./chains.ts";

/** The directory of that length below the scratch directory, in components of at most 200 bytes. */
function longDirectory(trial: Trial, length: number): string {
  let directory = trial.directoryFor("long");
  trial.ok(directory.length + 2 <= length, `the scratch directory's path is shorter than ${length} bytes`);
  while (directory.length < length) {
    const left = length - directory.length - 1;
    // What is left over must hold a slash and one letter at least.
    const component = left <= 200 ? left : Math.min(200, left - 2);
    directory = path.join(directory, "l".repeat(component));
  }
  mkdirSync(directory, { recursive: true });
  return directory;
}

/**
 * A store whose root has that many bytes. The layers each hold a file of their own; the views of the given depths
 * must show all of them, and so must a writable mount on the deepest.
 */
async function everyLowerIsThere(
  trial: Trial,
  rootLength: number,
  wanted: number,
  depths: readonly number[],
): Promise<void> {
  const root = path.join(longDirectory(trial, rootLength - 2), "s");
  await using store: LayerStore = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
  const count = wanted > 100 ? depthFor(store, wanted) : wanted;
  const base = await layerOn(store, null, (at) => writeTree(at, ["f0=0"]));
  const chain = [base, ...(await applyChain(store, base, count, (k) => [`f${k + 1}=${k + 1}`]))];
  const expect = (what: string, at: string, depth: number) => {
    trial.equal(
      readdirSync(at).sort(),
      Array.from({ length: depth + 1 }, (_, k) => `f${k}`).sort(),
      `names in ${what}`,
    );
    for (const k of [0, depth])
      trial.equal(readFileSync(path.join(at, `f${k}`), "utf8"), String(k), `content of f${k} in ${what}`);
  };
  for (const depth of depths.filter((depth) => depth <= count)) {
    const mount = await store.view(chain[depth]?.id ?? "");
    expect(`the view of ${depth + 1} layers, root of ${rootLength} bytes`, mount.path, depth);
    await mount.unmount();
  }
  const { id } = await store.prepare({ parent: chain[count]?.id ?? null });
  const mount = await store.mount(id);
  expect(`an active layer on ${count + 1}, root of ${rootLength} bytes`, mount.path, count);
  await mount.unmount();
  // The path above lies below the store's root; one elsewhere is short.
  if (!mount.mounted) return;
  const elsewhere = await store.mount(id, { target: trial.directoryFor("target") });
  expect(`the same at ${elsewhere.path}`, elsewhere.path, count);
  await elsewhere.unmount();
}

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => from + k);

export const pageOfOptions: Check = {
  id: "LA02",
  title: "chains whose paths pass the 4,095 bytes of mount(2)'s option page show every layer",
  cites: [
    "fs/namespace.c copy_mount_options: cut at a page, silently; measured on 5.10 to 7.2: 35 layers asked, 30 mounted, success",
    "podman#13432",
    "buildkit#4810",
  ],
  async run(trial: Trial) {
    // The page is full at 20 to 35 layers, depending on what the driver writes for each; every length near it is tried.
    await everyLowerIsThere(trial, 110, 42, upTo(18, 42));
  },
};

export const longValues: Check = {
  id: "LA03",
  title: "a store whose root has 300 bytes: more than fsconfig's 255 for one value",
  cites: [
    "fs/fsopen.c: strndup_user(…, 256), EINVAL above (measured)",
    "fsconfig SET_FD for layers since 6.13: overlayfs.rst",
  ],
  async run(trial: Trial) {
    // The last one where a layer's path just passes the limit, and the first where the root alone does.
    for (const length of [180, 215, 254, 256, 300]) await everyLowerIsThere(trial, length, 3, [0, 1, 3]);
  },
};

export const manyAndLong: Check = {
  id: "LA04",
  title: "130 layers (44 where each is a copy) below a root of 300 bytes: past both limits at once",
  cites: ["docker overlay2: short links in l/", "measured: chdir and relative names, 300 layers in 1,419 bytes"],
  async run(trial: Trial) {
    await everyLowerIsThere(trial, 300, 129, [40, 129]);
  },
};

export const longestPaths: Check = {
  id: "LA05",
  title: "a store whose root has 3,700 bytes",
  cites: ["PATH_MAX is 4,096: mount(2) ENOENT, fsconfig EINVAL, chdir and descriptors work (measured)"],
  async run(trial: Trial) {
    await everyLowerIsThere(trial, 3700, 3, [0, 1, 3]);
  },
};
