import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { mountGround, mountsAt } from "./ground.ts";

export const oneTargetTwice: Check = {
  id: "UM05",
  title: "two mounts of a layer at one target: one mount, gone with the second unmount; never stacked",
  cites: [
    "the kernel stacks mounts and then needs two unmounts (measured)",
    "moby graphdriver refcounts",
    "house rules: a mount has an owner",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, base, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    const first = await store.mount(id, { target });
    const second = await store.mount(id, { target });
    trial.equal(mountsAt(target).length, 1, "mounts at the target");
    await first.unmount();
    trial.equal(readFileSync(path.join(target, "f"), "utf8"), "lower", "after the first unmount");
    await trial.rejects(store.commit(id), "LAYER_IN_USE", "commit after the first unmount");
    await trial.rejects(store.mount(base.id, { target, mode: "ro" }), "BAD_TARGET", "another layer at the same target");
    await second.unmount();
    trial.equal(mountsAt(target), [], "mounts at the target afterwards");
  },
};

export const twoTargets: Check = {
  id: "UM06",
  title: "a layer mounted at two targets is one filesystem: what is written at one is seen at the other",
  cites: [
    "overlayfs.rst, sharing and copying layers: undefined behaviour",
    "xfstests overlay/036",
    "house rules: never a second superblock",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const [a, b] = [trial.directoryFor("target"), trial.directoryFor("target")];
    const first = await store.mount(id, { target: a });
    const second = await store.mount(id, { target: b });
    const [here, there] = [lstatSync(a), lstatSync(b)];
    trial.equal([there.dev, there.ino], [here.dev, here.ino], "device and inode of the two roots");
    const devices = [a, b].flatMap((target) => mountsAt(target).map((mount) => `${mount.major}:${mount.minor}`));
    trial.equal(new Set(devices).size, 1, `superblocks (${devices.join(", ")})`);
    for (const [from, to, text] of [
      [a, b, "1"],
      [b, a, "2"],
    ] as const) {
      // Seen before it changes, so that a second superblock would answer from its own cache.
      readFileSync(path.join(to, "f"));
      writeFileSync(path.join(from, "f"), text);
      trial.equal(readFileSync(path.join(to, "f"), "utf8"), text, "a write at the other target");
    }
    await first.unmount();
    trial.equal(readFileSync(path.join(b, "f"), "utf8"), "2", "the second target after the first is gone");
    await trial.rejects(store.commit(id), "LAYER_IN_USE", "commit while one target is left");
    await second.unmount();
    await store.commit(id, { durability: "none" });
  },
};

export const twoOpeners: Check = {
  id: "UM25",
  title: "two openers of a store mount the same layer: the last unmount frees it",
  cites: [
    "containerd and moby: a counter in memory or in a file",
    "house rules: a second mount of a layer is a bind of the first, counted",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const other = await trial.openStore("store");
    const mounts = await Promise.all(
      [store, other, store, other].map((opener) => opener.mount(id, { target: trial.directoryFor("target") })),
    );
    const devices = new Set(mounts.map((mount) => lstatSync(mount.path).dev));
    trial.equal(devices.size, 1, "filesystems");
    trial.equal((await other.mounts()).length, 4, "mounts the other opener knows of");
    for (const mount of mounts) {
      await trial.rejects(other.commit(id), "LAYER_IN_USE", "commit while it is mounted");
      writeFileSync(path.join(mount.path, "last"), mount.path);
      await mount.unmount();
    }
    trial.equal(await store.mounts(), [], "mounts left");
    await other.commit(id, { durability: "none" });
  },
};

export const twoUnmounters: Check = {
  id: "UM26",
  title: "two callers unmount at once: one does it, the other learns that it is done",
  cites: [
    "umount2(2), EINVAL on what is no mount point",
    "house rules: an unmount tells the truth",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const other = await trial.openStore("store");
    for (let round = 0; round < 5; round++) {
      const { path: target } = await store.mount(id);
      const results = await Promise.allSettled([store.unmount(target), other.unmount(target)]);
      const codes = results.map((result) =>
        result.status === "fulfilled" ? "done" : (result.reason as { code?: string }).code,
      );
      trial.equal(codes.sort(), ["NOT_MOUNTED", "done"], `answers of round ${round}`);
      trial.equal(mountsAt(target), [], "mounts at the target");
    }
  },
};
