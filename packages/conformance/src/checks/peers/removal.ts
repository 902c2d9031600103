import { existsSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, layerOn, viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";
import { SUITE, WANTED } from "./cites.ts";

export const removeAfterCommit: Check = {
  id: "CD01",
  title: "what was committed outlives its handle, is removed when asked, and leaves its id and its parent free",
  cites: [`${WANTED}: checkRemoveAfterCommit, moby#24309`, "containerd testsuite Basic, Remove"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, ["d/a=0", "d/b=0"]));
    for (const round of [1, 2]) {
      {
        await using active = await store.prepare({ id: "same", parent: base.id });
        {
          await using mount = await active.mount();
          writeTree(mount.path, [`d/new=${round}`]);
        }
        await active.commit({ durability: "none" });
      }
      trial.equal(
        await viewing(store, { id: "same" }, readTree),
        ["d/a=0", "d/b=0", `d/new=${round}`],
        `round ${round}: the view after the handle is gone`,
      );
      await trial.rejects(store.active("same"), "NOT_ACTIVE", "taking hold of it as active");
      await store.remove("same");
      trial.equal(existsSync(path.join(store.root, "layers/same")), false, "its directory");
      for (const gone of [store.get("same"), store.remove("same"), store.view("same")])
        await trial.rejects(gone, "NOT_FOUND", "a removed layer");
    }
    await store.remove(base.id);
    trial.equal(await store.list(), [], "layers left");
  },
};

export const removeInWalk: Check = {
  id: "CD07",
  title: "layers removed while they are listed, and while their changes are read: no deadlock, an answer at once",
  cites: [`${WANTED}: checkRemoveInWalk ("Allow mutations during walk without deadlocking")`, `${SUITE} StatInWalk`],
  async run(trial: Trial) {
    const store = await trial.store();
    const other = await trial.openStore("store");
    const base = await layerOn(store, null, (root) => writeTree(root, ["base=0"]));
    const ids: string[] = [];
    for (let k = 0; k < 6; k++) ids.push((await layerOn(store, base, (root) => plantFile(root, `f${k}`))).id);

    // A walk is over what there was when it began; each layer can be asked for and removed from inside it.
    for (const { id } of await store.list()) {
      trial.equal((await other.get(id)).id, id, "a layer asked for in the walk");
      if (ids.indexOf(id) >= 0 && ids.indexOf(id) < 3) await other.remove(id);
    }
    trial.equal((await store.list()).map(({ id }) => id).sort(), [base.id, ...ids.slice(3)].sort(), "layers then");

    const [read = "", packed = "", kept = ""] = ids.slice(3);
    for await (const _ of store.changes(read))
      await trial.rejects(other.remove(read), "LAYER_IN_USE", "removing a layer whose changes are being read");
    await other.remove(read);
    for await (const _ of store.diff(packed)) {
      await trial.rejects(store.remove(packed), "LAYER_IN_USE", "removing a layer that is being exported");
      // Others are not held up by it.
      await store.remove(kept);
      break;
    }
    await store.remove(packed);
    trial.equal(await changeList(store, base), ["add .", "add base"], "changes of what is left");
    trial.ok((await exported(store, base)).length > 0, "and its archive");
  },
};
