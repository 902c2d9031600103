import { readdirSync } from "node:fs";
import { type ErrorCode, isStorageError } from "@copyup/core";
import { mountsBelow, setOpenFileLimit } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn } from "../diff/layers.ts";
import { failureOf, namesBelow, newNames } from "../hostile/ground.ts";

/** FA12 */
export const noDescriptorsLeft: Check = {
  id: "FA12",
  title:
    "Out of file descriptors at whatever open: an error that says EMFILE, and no descriptor, mount or name left behind",
  cites: ["catalogue.md FA12", "getrlimit(2) RLIMIT_NOFILE"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => plantFile(root, "a/b/c/f"));
    const { id } = await store.prepare({ parent: base.id });
    const tar = archive(ROOT, directory("a"), { path: "a/new", data: "x" });
    const verbs: Record<string, () => Promise<unknown>> = {
      mount: async () => (await store.mount(id)).unmount(),
      view: async () => (await store.view(base.id)).unmount(),
      diff: () => exported(store, base),
      prepare: async () => store.remove((await store.prepare({ parent: base.id })).id),
      apply: async () => store.remove((await store.apply([tar], { parent: base.id, durability: "none" })).layer.id),
    };
    for (const [verb, run] of Object.entries(verbs)) {
      // Once with descriptors in plenty, so that modules are loaded and lock files made.
      await run();
      const names = namesBelow(trial.scratch);
      const held = openDescriptors();
      let succeeded = false;
      for (let spare = 0; spare < 60 && !succeeded; spare++) {
        const error = await withSpareDescriptors(spare, run);
        succeeded = error === null;
        const what = `${verb} with ${spare} descriptors to spare`;
        trial.ok(error === null || isEmfile(error), `${what}: a StorageError with EMFILE, not ${error}`);
        trial.equal(openDescriptors(), held, `${what}: open descriptors afterwards`);
        trial.equal(
          mountsBelow(trial.scratch).map((m) => m.target),
          [],
          `${what}: mounts afterwards`,
        );
        trial.equal(newNames(names, namesBelow(trial.scratch)), [], `${what}: names left behind or gone`);
      }
      trial.ok(succeeded, `${verb} works with 60 descriptors to spare`);
    }
  },
};

const SAYING_EMFILE: readonly ErrorCode[] = ["IO", "MOUNT_FAILED"];

function isEmfile(error: unknown): boolean {
  return (
    isStorageError(error) && SAYING_EMFILE.includes(error.code) && `${error.errno} ${error.message}`.includes("EMFILE")
  );
}

function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/** The limit is on descriptor numbers, so holes among the low ones would be spare too: they are counted. */
async function withSpareDescriptors(spare: number, run: () => Promise<unknown>): Promise<unknown> {
  const taken = new Set(readdirSync("/proc/self/fd").map(Number));
  let limit = 0;
  for (let free = 0; free < spare || taken.has(limit); limit++) if (!taken.has(limit)) free++;
  const before = setOpenFileLimit(limit);
  try {
    return await failureOf(run());
  } finally {
    setOpenFileLimit(before);
  }
}
