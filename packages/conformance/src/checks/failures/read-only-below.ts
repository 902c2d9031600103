import { readFileSync, writeFileSync } from "node:fs";
import { mountsBelow } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { archive } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, layerOn } from "../diff/layers.ts";
import { ext4Image, type SmallFilesystem, tmpfs } from "./small-filesystem.ts";

/** FA03 */
export const readOnlyFilesystem: Check = {
  id: "FA03",
  title:
    "A read-only filesystem: writing verbs say READ_ONLY, reading ones work; under a live mount, EROFS and a clean unmount",
  cites: [
    "catalogue.md FA03, FA06",
    "xfstests overlay/035",
    'ext4 after an error: EROFS, on 6.12 EIO for reading too (measured); commit 8f984530c242 "ext4: correct behavior under errors=remount-ro mode", 6.15',
  ],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    // Elsewhere such a disk answers EIO to everything, plain files too: that is FA05.
    if (plainWriteAfterError(trial) === "EROFS") await underLiveMount(trial);
    using small = tmpfs(trial, { bytes: 16 * 2 ** 20 });
    const { base, id, tar } = await prepareStore(small);
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

/** The filesystem turns read-only while a layer is mounted and written. */
async function underLiveMount(trial: Trial): Promise<void> {
  using disk = ext4Image(trial, 16);
  const { id } = await prepareStore(disk);
  await using store = await disk.openStore();
  const mount = await store.mount(id);
  writeFileSync(`${mount.path}/mine`, "x");
  disk.abort();
  const errno = (name: string) => trial.errno(() => writeFileSync(`${mount.path}/${name}`, "x"));
  trial.equal(
    ["new", "f", "mine"].map(errno),
    ["EROFS", "EROFS", "EROFS"],
    "writes to a new, the parent's and an own file",
  );
  trial.equal(readFileSync(`${mount.path}/f`, "utf8"), "f", "reading goes on");
  await mount.unmount();
  trial.equal(mountsBelow(mount.path), [], "the mount is gone after the unmount");
}

/** What ext4 says of a plain file after an error. */
function plainWriteAfterError(trial: Trial): string | null {
  using disk = ext4Image(trial, 16);
  disk.abort();
  return trial.errno(() => writeFileSync(`${disk.path}/plain`, "x"));
}

/** A base with a file, an active layer on it with another. */
async function prepareStore(small: SmallFilesystem): Promise<{ base: string; id: string; tar: Buffer }> {
  await using store = await small.openStore();
  const base = await layerOn(store, null, (root) => plantFile(root, "f"));
  const { id } = await store.prepare({ parent: base.id });
  {
    await using mount = await store.mount(id);
    writeFileSync(`${mount.path}/before`, "x");
  }
  return { base: base.id, id, tar: await exported(store, base) };
}
