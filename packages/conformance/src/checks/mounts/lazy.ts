import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { eventually, mountGround, saysAll } from "./ground.ts";

const statesOf = async (store: Awaited<ReturnType<Trial["store"]>>, id: string) =>
  (await store.mounts()).filter((mount) => mount.layer === id).map((mount) => mount.state);

export const lazyUnmount: Check = {
  id: "UM03",
  title: "a lazy unmount empties the path at once; the layer stays in use until the last file is closed",
  restsOn: ["inodes"],
  cites: [
    "umount2(2), MNT_DETACH",
    "overlayfs.rst, sharing an upper is undefined",
    "house rules: lazy only when asked",
    "moby unmounts lazily and calls it done",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    const mount = await store.mount(id, { target });
    const fd = openSync(path.join(target, "log"), "a");
    try {
      writeSync(fd, "before\n");
      await trial.rejects(mount.unmount(), "MOUNT_BUSY", "the plain unmount");
      await mount.unmount({ lazy: true });
      trial.equal(readdirSync(target), [], "names at the target");
      writeSync(fd, "after\n");
      trial.equal(await statesOf(store, id), ["detached"], "what the store says of the mount");
      for (const [what, attempt] of [
        ["commit", () => store.commit(id)],
        ["remove", () => store.remove(id)],
      ] as const) {
        saysAll(trial, await trial.rejects(attempt(), "LAYER_IN_USE", `${what} while the file is open`), [process.pid]);
      }
    } finally {
      closeSync(fd);
    }
    const again = await eventually(() => store.mount(id, { target }));
    trial.equal(readFileSync(path.join(target, "log"), "utf8"), "before\nafter\n", "what was written");
    await again.unmount();
    await store.commit(id, { durability: "none" });
  },
};

export const removeAfterLazy: Check = {
  id: "UM20",
  title: "a lazily unmounted layer is not removed under a writer; nothing is lost",
  restsOn: ["inodes"],
  cites: [
    "umount2(2), MNT_DETACH",
    "house rules: lazy only when asked, and then the layer stays in use",
    "measured: rm -rf of the upper, writes go into nowhere",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const fd = openSync(path.join(mount.path, "log"), "a");
    try {
      await mount.unmount({ lazy: true });
      await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove while the file is open");
      // Another look at the same store, as after the end of the process that unmounted.
      const other = await trial.openStore("store");
      await trial.rejects(other.remove(id), "LAYER_IN_USE", "remove by another opener");
      await other.gc();
      writeSync(fd, "kept");
    } finally {
      closeSync(fd);
    }
    const again = await eventually(() => store.mount(id));
    trial.equal(readFileSync(path.join(again.path, "log"), "utf8"), "kept", "what was written");
    await again.unmount();
    await store.remove(id);
    await trial.rejects(store.get(id), "NOT_FOUND", "the removed layer");
  },
};
