import { execFileSync } from "node:child_process";
import type { ErrorCode } from "@copyup/core";
import { bindMount, mountsBelow, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { ext4Image } from "./small-filesystem.ts";

/** FA06 */
export const silentlyReadOnly: Check = {
  id: "FA06",
  title: "A mount that the kernel makes read-only is an error that says so, and leaves no mount behind",
  cites: ["catalogue.md FA06: an immutable workdir mounts read-only without a word", "core driver.ts verify"],
  needs: ["root", "mount", "loop-image", "tool:chattr"],
  run: (trial: Trial) =>
    withBrokenWorkdir(trial, "MOUNT_MISMATCH", {
      damage: (work) => execFileSync("chattr", ["+i", work]),
      mend: (work) => execFileSync("chattr", ["-i", work]),
    }),
};

/** FA07 */
export const workdirOfItsOwn: Check = {
  id: "FA07",
  title:
    "A workdir on which something is mounted: the mount is refused, the reason is told, and it leaves no mount behind",
  cites: ["catalogue.md FA07", "overlayfs.rst: workdir on the same mount as upperdir (EINVAL, measured)"],
  needs: ["root", "mount", "loop-image"],
  run: (trial: Trial) =>
    withBrokenWorkdir(trial, "MOUNT_FAILED", {
      damage: (work) => bindMount(work, work, false),
      mend: (work) => unmount(work),
    }),
};

interface Fault {
  damage(work: string): void;
  mend(work: string): void;
}

async function withBrokenWorkdir(trial: Trial, code: ErrorCode, fault: Fault): Promise<void> {
  using small = ext4Image(trial, 16);
  await using store = await small.openStore();
  const base = await layerOn(store, null, (root) => plantFile(root, "f"));
  const { id } = await store.prepare({ parent: base.id });
  const work = (await store.explain(id, "rw")).steps.find((step) => step.type === "overlay")?.work;
  // A driver without a workdir has nothing of the kind to break.
  if (!work) return;
  fault.damage(work);
  try {
    const error = await trial.rejects(store.mount(id), code, "the mount");
    trial.ok(error.hint || /read-only/.test(error.message), `it is said what is wrong: ${error.message}`);
    trial.equal(
      mountsBelow(`${store.root}/run/mnt`).map((mount) => mount.target),
      [],
      "mounts left behind",
    );
    trial.equal(
      (await store.mounts()).map((mount) => mount.target),
      [],
      "records left behind",
    );
  } finally {
    fault.mend(work);
  }
  await using mount = await store.mount(id);
  trial.ok(mount.mounted, "mended, it can be mounted");
}
