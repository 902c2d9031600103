import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { MountPlan } from "@copyup/core";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { tmpfs } from "./small-filesystem.ts";

/** FA01 */
export const copyUpWithoutSpace: Check = {
  id: "FA01",
  title: "On a full filesystem a write to a parent's file works or says ENOSPC, and then the file is as it was",
  cites: ["catalogue.md FA01", "kernel overlayfs.rst, copy_up", "tmpfs(5) size="],
  deviations: {
    "copy-up-needs-space":
      "the first write to a parent's file copies all of it: ENOSPC where a plain file would only be changed",
  },
  needs: ["mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 24 * 2 ** 20 });
    await using store = await small.openStore();
    const old = Buffer.alloc(6 * 2 ** 20, "parent ");
    const base = await layerOn(store, null, (root) => {
      for (const name of ["d/written", "d/chmodded", "d/truncated"])
        plantFile(root, name, name === "d/truncated" ? "short" : old.subarray(0, 2 ** 20));
      plantFile(root, "d/written", old);
    });
    await using active = await store.prepare({ parent: base.id });
    await using mount = await active.mount();
    const at = (name: string) => `${mount.path}/d/${name}`;
    small.fill(64 * 1024);
    const written = trial.errno(() => overwriteOneByte(at("written")));
    if (written === null) {
      trial.equal(readFileSync(at("written")).subarray(0, 3).toString(), "new", "the bytes written in place");
      trial.equal(
        trial.errno(() => chmodSync(at("chmodded"), 0o600)),
        null,
        "chmod of a parent's file",
      );
      return;
    }
    trial.equal(written, "ENOSPC", "what the write says");
    trial.equal(
      trial.errno(() => chmodSync(at("chmodded"), 0o600)),
      "ENOSPC",
      "chmod of a parent's file of 1 MiB",
    );
    trial.ok(readFileSync(at("written")).equals(old), "the file still reads as it was");
    const access = store.access(active.layer);
    for (const name of ["written", "chmodded"])
      trial.equal(existsSync(`${access.dir}/d/${name}`), false, `${name}: nothing half-copied in the upper`);
    trial.equal(leftInWork(await store.explain(active.id, "rw")), [], "names left in the workdir");
    trial.equal(
      trial.errno(() => closeSync(openSync(at("truncated"), "w"))),
      null,
      "O_TRUNC copies no data",
    );
    small.free();
    trial.equal(
      trial.errno(() => overwriteOneByte(at("written"))),
      null,
      "once there is space again",
    );
    trial.equal(readFileSync(at("written")).subarray(0, 3).toString(), "new", "the bytes written then");
    return "copy-up-needs-space";
  },
};

function overwriteOneByte(path: string): void {
  const fd = openSync(path, "r+");
  try {
    writeSync(fd, "new", 0);
  } finally {
    closeSync(fd);
  }
}

function leftInWork(plan: MountPlan): string[] {
  return plan.steps.flatMap((step) =>
    step.type === "overlay" && step.work !== null ? readdirSync(`${step.work}/work`) : [],
  );
}

/** FA02 */
export const removalWithoutInodes: Check = {
  id: "FA02",
  title:
    "With no inode free, deleting and renaming a parent's file works or says ENOSPC, and then the file is still there",
  cites: ["catalogue.md FA02: rm needs space", "moby#10613, moby#37077: inode exhaustion"],
  deviations: {
    "removal-needs-an-inode": "a deletion is written as a whiteout, which needs an inode of the upper's filesystem",
  },
  needs: ["mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 16 * 2 ** 20, inodes: 300 });
    await using store = await small.openStore();
    const base = await layerOn(store, null, (root) => {
      for (const name of ["removed", "renamed", "kept"]) plantFile(root, name);
    });
    await using active = await store.prepare({ parent: base.id });
    await using mount = await active.mount();
    small.fillInodes();
    trial.equal(
      trial.errno(() => writeFileSync(`${mount.path}/new`, "")),
      "ENOSPC",
      "a new file",
    );
    const removed = trial.errno(() => unlinkSync(`${mount.path}/removed`));
    if (removed === null) {
      trial.equal(
        trial.errno(() => renameSync(`${mount.path}/renamed`, `${mount.path}/other`)),
        null,
        "a rename",
      );
      trial.equal(readdirSync(mount.path).sort(), ["kept", "other"], "names left");
      return;
    }
    trial.equal(removed, "ENOSPC", "what the deletion says");
    trial.equal(
      trial.errno(() => renameSync(`${mount.path}/renamed`, `${mount.path}/other`)),
      "ENOSPC",
      "what the rename says",
    );
    trial.equal(readdirSync(mount.path).sort(), ["kept", "removed", "renamed"], "all names are still there");
    trial.equal(readFileSync(`${mount.path}/removed`, "utf8"), "removed", "and readable");
    small.free();
    trial.equal(
      trial.errno(() => unlinkSync(`${mount.path}/removed`)),
      null,
      "the deletion, once there are inodes",
    );
    trial.equal(readdirSync(mount.path).sort(), ["kept", "renamed"], "names left then");
    return "removal-needs-an-inode";
  },
};
