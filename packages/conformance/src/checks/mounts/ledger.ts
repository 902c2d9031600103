import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { mountGround, mountsAt } from "./ground.ts";

export const adoptedMount: Check = {
  id: "UM23",
  title: "a mount of the store's outlives its opener; the next one knows it, leaves it alone and can unmount it",
  cites: [
    "house rules: opening a store reconciles records with mountinfo",
    "podman and moby keep a counter that a crash makes wrong",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    await store.mount(id, { target, owner: "store" });
    const own = await store.mount(id);
    await store[Symbol.asyncDispose]();
    trial.equal(mountsAt(own.path), [], "what the closed store mounted for its process");
    trial.equal(readFileSync(path.join(target, "f"), "utf8"), "lower", "the store's own mount");

    const next = await trial.openStore("store");
    const told = (await next.mounts()).map((mount) => ({
      layer: mount.layer,
      target: mount.target,
      owner: mount.owner,
      state: mount.state,
    }));
    trial.equal(told, [{ layer: id, target, owner: "store", state: "mounted" }], "mounts the next opener knows of");
    await next.gc();
    await trial.rejects(next.commit(id), "LAYER_IN_USE", "commit by the next opener");
    writeFileSync(path.join(target, "f"), "written on");
    await next.unmount(target);
    trial.equal(mountsAt(target), [], "mounts at the target");
    await next.commit(id, { durability: "none" });
  },
};

export const vanishedMount: Check = {
  id: "UM24",
  title: "a record of a mount that is gone counts for nothing",
  cites: [
    "house rules: a record matches only if boot id, mount id, target and device agree",
    "a reboot, or umount(8) by hand",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    await store.mount(id, { target, owner: "store" });
    unmount(target);
    const next = await trial.openStore("store");
    trial.equal(await next.mounts(), [], "mounts the next opener knows of");
    await trial.rejects(next.unmount(target), "NOT_MOUNTED", "unmount of what is gone");
    const again = await next.mount(id, { target });
    writeFileSync(path.join(target, "f"), "again");
    await again.unmount();
    await next.commit(id, { durability: "none" });
  },
};
