import { readFileSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, layerOn } from "../diff/layers.ts";
import { archive } from "../hostile/raw-tar.ts";
import { tmpfs } from "./small-filesystem.ts";

/** FA03 */
export const readOnlyFilesystem: Check = {
  id: "FA03",
  title:
    "A read-only filesystem: writing verbs say READ_ONLY, reading ones work; under a live mount, EROFS and a clean unmount",
  cites: ["catalogue.md FA03, FA06", "xfstests overlay/035"],
  needs: ["root", "mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 16 * 2 ** 20 });
    const { base, id, tar } = await prepareStore(small);
    {
      await using store = await small.openStore();
      const mount = await store.mount(id);
      try {
        writeFileSync(`${mount.path}/before`, "x");
        small.readOnly(true);
        trial.equal(
          trial.errno(() => writeFileSync(`${mount.path}/after`, "x")),
          "EROFS",
          "a new file under a live mount",
        );
        trial.equal(
          trial.errno(() => writeFileSync(`${mount.path}/f`, "x")),
          "EROFS",
          "a write to the parent's file",
        );
        trial.equal(readFileSync(`${mount.path}/f`, "utf8"), "f", "reading goes on");
      } finally {
        small.readOnly(false);
        await mount.unmount();
      }
    }
    small.readOnly(true);
    await using store = await small.openStore();
    trial.equal((await store.list()).map((layer) => layer.id).sort(), [base, id].sort(), "list");
    trial.ok((await exported(store, { id: base })).equals(tar), "diff gives the same bytes");
    trial.equal(await changeList(store, { id }), ["modify .", "add before"], "changes");
    await trial.rejects(store.prepare({ parent: base }), "READ_ONLY", "prepare");
    await trial.rejects(store.mount(id), "READ_ONLY", "mount of an active layer");
    await trial.rejects(store.commit(id), "READ_ONLY", "commit");
    await trial.rejects(store.apply([archive({ path: "x" })]), "READ_ONLY", "apply");
    await trial.rejects(store.remove(id), "READ_ONLY", "remove");
    await trial.rejects(store.setLabels(id, { a: "b" }), "READ_ONLY", "labels");
  },
};

async function prepareStore(small: ReturnType<typeof tmpfs>): Promise<{ base: string; id: string; tar: Buffer }> {
  await using store = await small.openStore();
  const base = await layerOn(store, null, (root) => plantFile(root, "f"));
  const { id } = await store.prepare({ parent: base.id });
  return { base: base.id, id, tar: await exported(store, base) };
}
