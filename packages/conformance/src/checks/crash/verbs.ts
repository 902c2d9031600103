import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Layer } from "@copyup/core";
import { mountsBelow } from "@copyup/linux";
import { type LayerStore, openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, sha256Of, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { killAtRandom } from "./kill-at-random.ts";

const cites = (...more: string[]) => [
  ...more,
  "house rules: what a killed process leaves is invisible and swept on open",
  "alice (OSDI 2014), crash points of applications",
];

const TAR = archive(
  ROOT,
  ...Array.from({ length: 10 }, (_, k) => directory(`d${k}`)),
  ...Array.from({ length: 150 }, (_, k) => ({ path: `d${k % 10}/f${k}`, data: `content of ${k} `.repeat(100) })),
);

/** A store with the committed layer `base` and the active `active`, closed again. */
async function ground(trial: Trial): Promise<{ root: string; tar: string }> {
  const root = `${trial.scratch}/crashed`;
  await using store = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
  const base = await store.prepare({ id: "base" });
  {
    await using mount = await base.mount();
    for (let k = 0; k < 20; k++) plantFile(mount.path, `in-base/f${k}`, `base ${k}`);
  }
  await base.commit({ durability: "none" });
  await store.prepare({ id: "active", parent: "base" });
  const tar = path.join(trial.directoryFor("archive"), "layer.tar");
  writeFileSync(tar, TAR);
  return { root, tar };
}

/** The layers the killed process left. */
async function made(store: LayerStore): Promise<Layer[]> {
  return (await store.list()).filter(({ id }) => id !== "base" && id !== "active");
}

export const killedApply: Check = {
  id: "KL01",
  title: "kill -9 during apply: each layer that is there is whole, and at least those that were told of",
  cites: cites("podman#14003: a killed pull blocks others", "podman#5986"),
  needs: ["own-process"],
  async run(trial: Trial) {
    const { root, tar } = await ground(trial);
    let whole: string[] | undefined;
    await killAtRandom(trial, {
      root,
      verb: "apply",
      file: tar,
      async look(store, acknowledged) {
        const layers = await made(store);
        trial.ok(layers.length >= acknowledged, `${layers.length} layers are there, ${acknowledged} were told of`);
        for (const layer of layers) {
          trial.equal([layer.state, layer.diffId], ["committed", sha256Of(TAR)], "the applied layer's record");
          const view = await viewing(store, layer, treeLines);
          whole ??= view;
          trial.equal(view, whole, "its view");
          await store.remove(layer.id);
        }
        // The id of what was lost is free, and the parent is not held by the dead.
        await store.apply([TAR], { parent: "base", id: "again", durability: "none" });
        await store.remove("again");
      },
    });
  },
};

export const killedImport: Check = {
  id: "KL02",
  title: "kill -9 during an import: each layer that is there equals the tree",
  cites: cites("containerd#5854: a layer that was unpacked by half"),
  needs: ["own-process"],
  async run(trial: Trial) {
    const { root } = await ground(trial);
    const tree = trial.directoryFor("tree");
    for (let k = 0; k < 150; k++) plantFile(tree, `d${k % 10}/f${k}`, `content of ${k} `.repeat(100));
    const whole = treeLines(tree);
    await killAtRandom(trial, {
      root,
      verb: "import",
      file: tree,
      async look(store, acknowledged) {
        const layers = await made(store);
        trial.ok(layers.length >= acknowledged, `${layers.length} layers are there, ${acknowledged} were told of`);
        for (const layer of layers) {
          trial.equal(await viewing(store, layer, treeLines), whole, "the imported layer's view");
          await store.remove(layer.id);
        }
      },
    });
  },
};

export const killedCommit: Check = {
  id: "KL03",
  title: "kill -9 from prepare to commit: a layer is active or committed, and either can be used",
  cites: cites("moby#42978: metadata of a layer that a crash tore"),
  needs: ["own-process"],
  async run(trial: Trial) {
    const { root } = await ground(trial);
    await killAtRandom(trial, {
      root,
      verb: "commit",
      async look(store, acknowledged) {
        const layers = await made(store);
        const committed = layers.filter((layer) => layer.state === "committed");
        trial.ok(committed.length >= acknowledged, `${committed.length} are committed, ${acknowledged} were told of`);
        for (const { id, state } of layers) {
          if (state === "active") await store.commit(id, { durability: "none" });
          const bytes = await exported(store, { id });
          const { diffId } = await store.get(id);
          if (state === "committed") trial.equal(diffId, sha256Of(bytes), "the diff id of a layer that was committed");
          const names = await viewing(store, { id }, treeLines);
          if (state === "committed") trial.equal(names.length, 1 + 1 + 20 + 30, "names in the view of one");
          await store.remove(id);
        }
      },
    });
  },
};

export const killedRemove: Check = {
  id: "KL04",
  title: "kill -9 during remove: a layer is there and whole, or gone with all its space",
  cites: cites("moby#21925, moby#45939: space that is not given back"),
  needs: ["own-process"],
  async run(trial: Trial) {
    const { root, tar } = await ground(trial);
    await killAtRandom(trial, {
      root,
      verb: "remove",
      file: tar,
      async look(store) {
        const layers = await made(store);
        trial.ok(layers.length <= 1, `${layers.length} layers are there of one at a time`);
        for (const layer of layers) {
          trial.equal((await viewing(store, layer, treeLines)).length, 1 + 10 + 150 + 21, "names in its view");
          await store.remove(layer.id);
        }
      },
    });
  },
};

export const killedMount: Check = {
  id: "KL05",
  title: "kill -9 during mount and unmount: nothing stays mounted once the store is opened, the layer is free",
  cites: cites("moby#34652, moby#33638, moby#34948: leaked mounts", "house rules: opening a store reconciles"),
  needs: ["own-process"],
  async run(trial: Trial) {
    const { root } = await ground(trial);
    const target = trial.directoryFor("target");
    const { mounted } = await trialMount(trial, root);
    await killAtRandom(trial, {
      root,
      verb: "mount",
      // What mounts nothing has no place of its own to show.
      ...(mounted ? { file: target } : {}),
      async look(store) {
        trial.equal(
          mountsBelow(target).map((mount) => mount.target),
          [],
          "mounts at the target",
        );
        const mount = await store.mount("active", mounted ? { target } : {});
        plantFile(mount.path, "written");
        await mount.unmount();
        trial.equal((await made(store)).length, 0, "layers made by mounting");
      },
    });
    await using store = await openStore({ root, driver: trial.driver, host: trial.host });
    await store.commit("active", { durability: "none" });
  },
};

async function trialMount(trial: Trial, root: string): Promise<{ mounted: boolean }> {
  await using store = await openStore({ root, driver: trial.driver, host: trial.host });
  await using mount = await store.mount("active");
  return { mounted: mount.mounted };
}
