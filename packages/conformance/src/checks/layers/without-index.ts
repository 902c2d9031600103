import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { tmpfs } from "../failures/small-filesystem.ts";
import { eventually } from "../mounts/ground.ts";
import { writeTree } from "../whiteout/tree-specs.ts";

export const withoutIndex: Check = {
  id: "LA29",
  title: "on tmpfs, where overlay may have no index, it is still told whether a lazily unmounted layer is in use",
  cites: [
    "overlayfs.rst, index=on needs file handles; ours is the test of who uses an upper (docs/decisions/0027)",
    "unionmount-testsuite on tmpfs with index=on: 718 of 718 (measured on 6.18)",
  ],
  needs: ["namespace-root", "mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 8 << 20 });
    await using store = await small.openStore();
    const base = await layerOn(store, null, (root) => writeTree(root, ["f=lower", "log="]));
    const { id } = await store.prepare({ parent: base.id });
    const mount = await store.mount(id);
    const fd = openSync(`${mount.path}/log`, "a");
    try {
      await mount.unmount({ lazy: true });
      writeSync(fd, "after");
      for (const [verb, act] of Object.entries({
        commit: () => store.commit(id),
        remove: () => store.remove(id),
      }))
        await trial.rejects(act(), "LAYER_IN_USE", `${verb} while a file of it is open`);
    } finally {
      closeSync(fd);
    }
    await using again = await eventually(() => store.mount(id));
    trial.equal(readFileSync(`${again.path}/log`, "latin1"), "after", "what was written");
  },
};
