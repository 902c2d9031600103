import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { mount2, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { eventually, idleProcess, mountGround, mountsAt, openFileIn, saysAll } from "./ground.ts";

export const openFile: Check = {
  id: "UM01",
  title: "unmount with an open file is refused and names the holder; after it ok; again NOT_MOUNTED",
  cites: [
    "umount2(2), EBUSY",
    "moby#34652, moby#33638, moby#34948: leaked mounts",
    "house rules: an unmount tells the truth",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const fd = openSync(path.join(mount.path, "f"), "r");
    try {
      const busy = await trial.rejects(mount.unmount(), "MOUNT_BUSY", "unmount with an open file");
      saysAll(trial, busy, [process.pid, path.join(mount.path, "f")]);
    } finally {
      closeSync(fd);
    }
    trial.equal(mountsAt(mount.path).length, 1, "mounts at the target after the refusal");
    trial.equal(readFileSync(path.join(mount.path, "f"), "utf8"), "lower", "content after the refusal");
    const child = await openFileIn(trial, path.join(mount.path, "f"));
    saysAll(trial, await trial.rejects(store.unmount(mount.path), "MOUNT_BUSY", "unmount with a file open elsewhere"), [
      child.pid,
      "(sh)",
    ]);
    await child.kill();
    await mount.unmount();
    trial.equal(mountsAt(mount.path), [], "mounts at the target afterwards");
    await trial.rejects(store.unmount(mount.path), "NOT_MOUNTED", "the second unmount");
  },
};

export const workingDirectory: Check = {
  id: "UM02",
  title: "unmount with a working directory inside is refused and names the process",
  cites: ["umount2(2), EBUSY", "house rules: an unmount tells the truth", "measured on 6.18"],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    const mount = await store.mount(id, { target });
    const child = await idleProcess(trial, { cwd: path.join(target, "d") });
    const busy = await trial.rejects(mount.unmount(), "MOUNT_BUSY", "unmount with a working directory inside");
    saysAll(trial, busy, [child.pid, path.join(target, "d")]);
    trial.equal(readdirSync(target).sort(), ["d", "f"], "names after the refusal");
    await child.kill();
    await mount.unmount();
    trial.equal(readdirSync(target), [], "the target afterwards");
  },
};

export const nestedMount: Check = {
  id: "UM04",
  title: "unmount with another mount inside is refused and names it; removing the layer too",
  cites: [
    "umount2(2), EBUSY",
    "containerd#10704: a recursive remove went through a mount",
    "house rules: nothing is removed across a mount boundary",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const inside = path.join(mount.path, "d");
    mount2("tmpfs", inside, "tmpfs", 0, "size=1m");
    try {
      mkdirSync(path.join(inside, "precious"));
      saysAll(trial, await trial.rejects(mount.unmount(), "MOUNT_BUSY", "unmount with a mount inside"), [inside]);
      await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove with a mount inside");
      trial.equal(readdirSync(inside), ["precious"], "the nested mount after the refusals");
    } finally {
      // If it is gone or stays, that is told by what failed before, or by the search for leaks.
      trial.errno(() => unmount(inside));
    }
    await mount.unmount();
    await store.remove(id);
  },
};

/** Says `ready` when the first line is written: on a busy machine it may get no further. */
const WRITER = 'exec 3>>"$1"; echo 0 >&3; echo ready; i=1; while :; do echo $i >&3; i=$((i+1)); done';

export const killedWriter: Check = {
  id: "UM09",
  title: "a writer keeps the mount until it is killed; what it wrote is there, in order",
  cites: ["umount2(2), EBUSY", "house rules: an unmount tells the truth", "measured on 6.18"],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const writer = await trial.spawn("sh", ["-c", WRITER, "sh", path.join(mount.path, "log")]);
    await writer.line();
    saysAll(trial, await trial.rejects(mount.unmount(), "MOUNT_BUSY", "unmount with a writer"), [writer.pid]);
    await writer.kill("SIGKILL");
    await eventually(() => mount.unmount());
    const again = await store.mount(id);
    const lines = readFileSync(path.join(again.path, "log"), "utf8").split("\n");
    trial.ok(lines.length > 1, "the writer wrote something");
    const wrong = lines.slice(0, -1).findIndex((line, index) => line !== String(index));
    trial.equal(wrong, -1, "the first line out of order");
    await again.unmount();
  },
};
