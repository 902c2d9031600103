import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";
import { readTree } from "../whiteout/tree-specs.ts";
import { mountGround } from "./ground.ts";

export const movedUpper: Check = {
  id: "UM21",
  title:
    "a mounted layer's directory is renamed: what is written goes with it, no verb believes the old path, nothing is lost",
  cites: ["the kernel allows it, and mountinfo shows the old path (measured)", "docs/rules.md: a mount has an owner"],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const { body } = await store.get(id);
    const mount = await store.mount(id);
    const away = path.join(trial.directoryFor("away"), "body");
    renameSync(body, away);
    try {
      writeFileSync(path.join(mount.path, "n"), "written meanwhile");
      const opener = await trial.openStore("store");
      for (const [verb, act] of Object.entries({
        commit: () => store.commit(id),
        "remove by another opener": () => opener.remove(id),
      })) {
        const error = await failureOf(act());
        trial.ok(
          isStorageError(error) && ["LAYER_IN_USE", "CORRUPT"].includes(error.code),
          `${verb} says that the layer is in use or broken, not ${error}`,
        );
      }
      await mount.unmount();
      trial.equal(await store.mounts(), [], "mounts after the unmount");
      const error = await failureOf(store.mount(id));
      trial.ok(isStorageError(error, "CORRUPT"), `mounting it again says that its body is gone, not ${error}`);
      trial.ok((error as Error).message.includes(id), "and names the layer");
    } finally {
      renameSync(away, body);
    }
    await store.commit(id, { durability: "none" });
    trial.equal(
      await viewing(store, { id }, readTree),
      ["d/x=lower", "f=lower", "n=written meanwhile"],
      "the view, the directory back in its place",
    );
    trial.equal(
      readFileSync(path.join(store.access(await store.get(id)).dir, "n"), "latin1"),
      "written meanwhile",
      "n",
    );
  },
};
