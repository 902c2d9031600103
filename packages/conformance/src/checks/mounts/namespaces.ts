import { mkdirSync, rmdirSync } from "node:fs";
import path from "node:path";
import { bindMount, MS_SHARED, mount2, mountAt, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { eventually, idleProcess, mountGround, mountsAt, saysAll } from "./ground.ts";

export const copiedNamespace: Check = {
  id: "UM07",
  title: "a mount copied into another namespace keeps the layer in use after it is unmounted here",
  restsOn: ["inodes"],
  cites: [
    "mount_namespaces(7)",
    "moby#34652: device busy from a leaked mount in another namespace",
    "house rules: until the busy test says free",
    "measured on 6.18",
  ],
  needs: ["mount", "namespace"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    const mount = await store.mount(id, { target });
    const child = await idleProcess(trial, { newMountNamespace: true });
    await mount.unmount();
    trial.equal(mountsAt(target), [], "mounts here");
    trial.equal(mountsAt(target, child.pid).length, 1, "mounts in the other namespace");
    saysAll(trial, await trial.rejects(store.commit(id), "LAYER_IN_USE", "commit"), [child.pid]);
    saysAll(trial, await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove"), [child.pid]);
    // The kernel lets go of mounts of other namespaces when the mount point goes (since 3.18).
    rmdirSync(target);
    await child.kill();
    await eventually(() => store.commit(id, { durability: "none" }));
  },
};

export const privateMount: Check = {
  id: "UM17",
  title: "a mount below a shared directory is private",
  cites: [
    "Documentation/filesystems/sharedsubtree.rst",
    "house rules: each mount we make is set MS_PRIVATE",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const shared = trial.directoryFor("shared");
    const target = path.join(shared, "target");
    mkdirSync(target);
    bindMount(shared, shared, false);
    try {
      mount2("none", shared, "", MS_SHARED, "");
      trial.ok(
        mountAt(shared)?.propagation.some((word) => word.startsWith("shared:")),
        "the directory above is shared",
      );
      for (const what of ["the first mount", "a second mount (a bind)"]) {
        const kept = what === "the first mount" ? null : await store.mount(id);
        const mount = await store.mount(id, { target });
        trial.equal(mountAt(target)?.propagation, [], `propagation of ${what}`);
        await mount.unmount();
        await kept?.unmount();
      }
    } finally {
      // Lazily: a mount that a failed check left in it must not hide what failed.
      unmount(shared, true);
    }
  },
};

export const directoryInCopiedNamespace: Check = {
  id: "UM18",
  title: "a working directory in another namespace's copy of the mount does not block the unmount here, but the layer",
  cites: [
    "mount_namespaces(7)",
    "house rules: copies in other namespaces count as holders until gone",
    "measured on 6.18",
  ],
  needs: ["mount", "namespace"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const script = 'cd "$1/d" && echo ready && read -r never';
    const child = await trial.spawn("sh", ["-c", script, "sh", mount.path], { newMountNamespace: true });
    await child.line();
    await mount.unmount();
    saysAll(trial, await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove"), [child.pid]);
    await child.kill();
    await eventually(() => store.remove(id));
  },
};

export const twoCopiedNamespaces: Check = {
  id: "UM19",
  title: "a layer whose mount two other namespaces hold is mounted again only when the last of them is gone",
  cites: [
    "overlayfs.rst, index=on: EBUSY until every superblock with this upper is gone (measured)",
    "docs/decisions/0027: the in-use test is a mount with index=on",
  ],
  needs: ["mount", "namespace"],
  async run(trial: Trial) {
    const { store, base, id } = await mountGround(trial);
    const mount = await store.mount(id);
    const children = [
      await idleProcess(trial, { newMountNamespace: true }),
      await idleProcess(trial, { newMountNamespace: true }),
    ];
    await mount.unmount();
    for (const child of children) {
      const refused = await trial.rejects(store.mount(id), "LAYER_IN_USE", "mounting it again");
      saysAll(trial, refused, [child.pid]);
      const other = await store.prepare({ parent: base.id });
      await (await other.mount()).unmount();
      await child.kill();
    }
    const again = await eventually(() => store.mount(id));
    await again.unmount();
  },
};
