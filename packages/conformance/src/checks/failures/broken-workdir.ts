import { execFileSync } from "node:child_process";
import { isStorageError } from "@copyup/core";
import { bindMount, mountsBelow, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";
import { ext4Image } from "./small-filesystem.ts";

/** FA06 */
export const silentlyReadOnly: Check = {
  id: "FA06",
  title: "A mount that the kernel makes read-only or refuses is an error that says so, and leaves no mount behind",
  cites: ["catalogue.md FA06, FA07: an immutable workdir mounts read-only without a word", "core driver.ts verify"],
  needs: ["root", "mount", "loop-image", "tool:chattr"],
  async run(trial: Trial) {
    using small = ext4Image(trial, 16);
    await using store = await small.openStore();
    const base = await layerOn(store, null, (root) => plantFile(root, "f"));
    const { id } = await store.prepare({ parent: base.id });
    const step = (await store.explain(id, "rw")).steps.find((s) => s.type === "overlay");
    // A driver without a workdir has nothing of the kind to break.
    if (!step?.work) return;
    const work = step.work;
    const refusal = async (what: string) => {
      const error = await failureOf(store.mount(id));
      trial.ok(
        isStorageError(error) && ["MOUNT_MISMATCH", "MOUNT_FAILED"].includes(error.code),
        `${what}: refused, not ${error}`,
      );
      trial.equal(
        mountsBelow(`${store.root}/run/mnt`).map((m) => m.target),
        [],
        `${what}: mounts left behind`,
      );
      trial.equal(
        (await store.mounts()).map((m) => m.target),
        [],
        `${what}: records left behind`,
      );
    };
    execFileSync("chattr", ["+i", work]);
    try {
      await refusal("an immutable workdir");
    } finally {
      execFileSync("chattr", ["-i", work]);
    }
    bindMount(work, work, false);
    try {
      await refusal("a workdir that is a mount of its own");
    } finally {
      unmount(work);
    }
    await using mount = await store.mount(id);
    trial.ok(mount.mounted, "mended, it can be mounted");
  },
};
