import { readdirSync, renameSync, symlinkSync } from "node:fs";
import path from "node:path";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const symlinkedRoot: Check = {
  id: "LA14",
  title: "a store opened through a symlink is the store it points to",
  cites: [
    "overlayfs shows the link's text in its options (measured)",
    "house rules: the root is resolved once, at open",
  ],
  async run(trial: Trial) {
    const place = trial.directoryFor("place");
    const link = path.join(place, "link");
    symlinkSync("real", link);
    const open = (root: string) => openStore({ root, driver: trial.driver, host: trial.host, create: true });
    await using real = await open(path.join(place, "real"));
    await using linked = await open(link);
    trial.equal(linked.root, path.join(place, "real"), "the root of the store opened through the link");
    const base = await layerOn(linked, null, (root) => writeTree(root, ["a=0"]));
    const { id } = await real.prepare({ parent: base.id });
    const mount = await linked.mount(id);
    writeTree(mount.path, ["b=1"]);
    // The other opener knows it by the same path.
    trial.equal(path.relative(place, mount.path).split("/")[0], "real", "where it is mounted");
    if (mount.mounted)
      trial.equal(
        (await real.mounts()).map((state) => state.target),
        [mount.path],
        "what the other opener tells",
      );
    await mount.unmount();
    trial.equal(
      await viewing(real, await real.commit(id, { durability: "none" }), readTree),
      ["a=0", "b=1"],
      "the view",
    );
  },
};

export const movedStore: Check = {
  id: "LA16",
  title: "a store that was moved to another path works there: views, active layers, diffs",
  cites: [
    "overlayfs.rst: an upper reused with other lowers; with index=on ESTALE, also after cp -a (measured)",
    "a layer's record and body hold no absolute path",
  ],
  async run(trial: Trial) {
    const place = trial.directoryFor("place");
    const open = (name: string) =>
      openStore({ root: path.join(place, name), driver: trial.driver, host: trial.host, create: true });
    let active: string;
    let committed: string;
    {
      await using store = await open("before");
      const base = await layerOn(store, null, (root) => writeTree(root, ["a=0", "d/x=0"]));
      committed = (await layerOn(store, base, (root) => writeTree(root, ["a=1", "d/y=1"]))).id;
      active = (await store.prepare({ parent: committed })).id;
      const mount = await store.mount(active);
      writeTree(mount.path, ["a=2"]);
      await mount.unmount();
    }
    renameSync(path.join(place, "before"), path.join(place, "after"));
    await using store = await open("after");
    trial.equal(readdirSync(place), ["after"], "names beside the moved store");
    trial.equal(
      await viewing(store, { id: committed }, readTree),
      ["a=1", "d/x=0", "d/y=1"],
      "the committed layer's view",
    );
    const mount = await store.mount(active);
    writeTree(mount.path, ["d/z=2"]);
    trial.equal(readTree(mount.path), ["a=2", "d/x=0", "d/y=1", "d/z=2"], "the active layer");
    await mount.unmount();
    const top = await store.commit(active, { durability: "none" });
    trial.equal(
      await viewing(store, top, readTree),
      ["a=2", "d/x=0", "d/y=1", "d/z=2"],
      "the view of the layer committed after the move",
    );
    trial.equal((await store.check()).problems, [], "problems that check finds");
  },
};
