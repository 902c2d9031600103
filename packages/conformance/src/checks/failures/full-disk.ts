import { readdirSync, writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import { archive, ROOT } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, exported, layerOn } from "../diff/layers.ts";
import { failureOf, namesBelow, newNames } from "../hostile/ground.ts";
import { type SmallFilesystem, tmpfs } from "./small-filesystem.ts";

/** DA14 */
export const applyOntoFullDisk: Check = {
  id: "DA14",
  title: "An archive larger than the disk: NO_SPACE naming the path, nothing half-visible",
  cites: ["catalogue.md DA14"],
  needs: ["mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 8 * 2 ** 20 });
    await using store = await small.openStore();
    const base = await layerOn(store, null, (root) => plantFile(root, "f"));
    // Once with success: the lock file of a layer that was a parent stays.
    await store.remove((await applied(store, base, archive(ROOT))).id);
    const before = namesBelow(small.path);
    const members = Array.from({ length: 20 }, (_, i) => ({ path: `file-${i}`, data: Buffer.alloc(2 ** 20, "x") }));
    const error = await failureOf(store.apply([archive(ROOT, ...members)], { parent: base.id }));
    trial.ok(isStorageError(error, "NO_SPACE"), `refused with NO_SPACE, not ${error}`);
    trial.ok(
      /file-\d/.test(`${error.path} ${error.message}`),
      `"${error.message}" (${error.path}) names the entry it was at`,
    );
    trial.equal(newNames(before, namesBelow(small.path)), [], "names left behind or gone");
  },
};

/** FA09 */
export const verbsOnFullDisk: Check = {
  id: "FA09",
  title:
    "On a full disk prepare, apply and commit roll back, tell no space from no inodes, and their ids are free again",
  cites: ["catalogue.md FA09", "moby#10613: inode exhaustion looks like a full disk", "rules.md rule 1"],
  needs: ["mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 16 * 2 ** 20, inodes: 600 });
    await verbsWithout(trial, small, "NO_SPACE", () => small.fill());
    await verbsWithout(trial, small, "NO_INODES", () => small.fillInodes());
  },
};

async function verbsWithout(trial: Trial, small: SmallFilesystem, code: string, exhaust: () => void): Promise<void> {
  await using store = await small.openStore();
  const base = await layerOn(store, null, (root) => {
    for (let i = 0; i < 5; i++) plantFile(root, `d/f${i}`, Buffer.alloc(50_000, i));
  });
  const { id } = await store.prepare({ parent: base.id });
  {
    await using mount = await store.mount(id);
    writeFileSync(`${mount.path}/mine`, "x");
  }
  const tar = archive(ROOT, ...Array.from({ length: 5 }, (_, i) => ({ path: `a${i}`, data: Buffer.alloc(50_000, i) })));
  const layers = (await store.list()).map((layer) => layer.id);
  const verbs: Record<string, () => Promise<unknown>> = {
    prepare: () => store.prepare({ parent: base.id, id: `prepared-${code}` }),
    apply: () => store.apply([tar], { parent: base.id, id: `applied-${code}` }),
    commit: () => store.commit(id),
  };
  for (const [verb, run] of Object.entries(verbs)) {
    exhaust();
    await trial.rejects(run(), code, verb);
    small.free();
    trial.equal(
      (await store.list()).map((layer) => layer.id),
      layers,
      `layers after the failed ${verb}`,
    );
    trial.equal(readdirSync(`${store.root}/staging`), [], `staging after the failed ${verb}`);
    trial.equal((await store.get(id)).state, "active", `the active layer after the failed ${verb}`);
  }
  for (const [verb, run] of Object.entries(verbs))
    trial.equal(await failureOf(run()), null, `${verb} of the same id once there is room`);
  trial.equal((await store.get(id)).state, "committed", "the layer is committed now");
  trial.ok((await exported(store, { id })).includes("mine"), "and holds what was written");
}
