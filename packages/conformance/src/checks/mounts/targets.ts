import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { mountGround, mountsAt } from "./ground.ts";

export const moveTheMountPoint: Check = {
  id: "UM08",
  title: "a mount point cannot be removed or renamed; its parent can, and the layer stays in use",
  cites: [
    "rename(2) and rmdir(2), EBUSY",
    "house rules: a record of a mount is not its path alone",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const parent = trial.directoryFor("parent");
    const target = path.join(parent, "target");
    mkdirSync(target);
    const mount = await store.mount(id, { target });
    trial.equal(
      trial.errno(() => rmdirSync(target)),
      "EBUSY",
      "rmdir of the mount point",
    );
    trial.equal(
      trial.errno(() => renameSync(target, `${target}-moved`)),
      "EBUSY",
      "rename of the mount point",
    );
    const moved = `${parent}-moved`;
    renameSync(parent, moved);
    trial.equal(readFileSync(path.join(moved, "target/f"), "utf8"), "lower", "content at the new path");
    await trial.rejects(store.commit(id), "LAYER_IN_USE", "commit while it is mounted at another path than it was");
    await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove while it is mounted at another path than it was");
    renameSync(moved, parent);
    await mount.unmount();
    await store.commit(id, { durability: "none" });
  },
};

export const symlinkToTheTarget: Check = {
  id: "UM12",
  title: "unmounting through a symlink to the target is refused; the mount stays",
  cites: ["umount2(2), UMOUNT_NOFOLLOW", "measured on 6.18"],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    const link = path.join(trial.directoryFor("links"), "link");
    symlinkSync(target, link);
    const mount = await store.mount(id, { target });
    await trial.rejects(store.unmount(link), "NOT_MOUNTED", "unmount of the link");
    trial.equal(mountsAt(target).length, 1, "mounts at the target after the refusal");
    trial.ok(lstatSync(link).isSymbolicLink(), "the link is still there");
    await mount.unmount();
  },
};

export const badTargets: Check = {
  id: "UM22",
  title: "targets that are missing, no directory, or inside the store are refused, and nothing is mounted",
  cites: ["mount(2), ENOENT and ENOTDIR", "house rules: errors are records", "measured on 6.18"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const directory = trial.directoryFor("targets");
    writeFileSync(path.join(directory, "file"), "");
    symlinkSync("nowhere", path.join(directory, "dangling"));
    const targets = ["missing", "file", "file/below", "dangling"].map((name) => path.join(directory, name));
    for (const target of [...targets, path.join(store.root, "layers"), path.join(store.root, "layers", id), "/"]) {
      await trial.rejects(
        store.mount(id, { target }),
        "BAD_TARGET",
        `mount at ${path.relative(trial.scratch, target)}`,
      );
    }
    trial.equal(await store.mounts(), [], "mounts the store knows of");
    trial.equal(readdirSync(directory).sort(), ["dangling", "file"], "names beside the targets");
    // The layer is as free as before.
    await store.commit(id, { durability: "none" });
  },
};

export const removeWhileMounted: Check = {
  id: "UM14",
  title: "a mounted layer is not removed, nor its parent; the mount goes on working",
  cites: [
    "rm -rf of a mounted upper succeeds, then create gives ENOENT (measured)",
    "moby#34652",
    "house rules: a mounted layer is in use",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, base, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const refused = await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove of a mounted layer");
    trial.ok(
      `${refused.message} ${refused.hint}`.includes(mount.path),
      `the refusal names the mount: ${refused.message}`,
    );
    await trial.rejects(store.remove(base.id), "LAYER_IN_USE", "remove of its parent");
    await store.gc();
    writeFileSync(path.join(mount.path, "new"), "written");
    trial.equal(readdirSync(mount.path).sort(), ["d", "f", "new"], "names after the refusals");
    await mount.unmount();
    // A view of it counts as much, and a layer lent to somebody who mounts himself.
    const view = await store.view(base.id);
    await trial.rejects(store.remove(base.id), "LAYER_IN_USE", "remove under a view");
    await view.unmount();
    await store.lend(id, "rw");
    await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove of a lent layer");
    await trial.rejects(store.commit(id), "LAYER_IN_USE", "commit of a lent layer");
    await store.release(id);
    await store.remove(id);
    await store.remove(base.id);
    trial.equal(await store.list(), [], "layers left");
  },
};
