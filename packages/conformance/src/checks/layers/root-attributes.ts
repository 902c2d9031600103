import { chmodSync, chownSync, lstatSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Layer } from "@copyup/core";
import { getXattr, setXattr } from "@copyup/linux";
import type { ActiveLayer } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";

interface Attributes {
  readonly mode: number;
  readonly owner: readonly [number, number];
  readonly xattr: string | null;
  readonly mtimeNs: bigint;
}

export const rootAttributes: Check = {
  id: "LA20",
  title: "a new layer's root has its parent's mode, owner, xattrs and time; changes to it are the layer's",
  restsOn: ["xattrs", "times"],
  cites: [
    "overlayfs: the union's root is the upper's (measured)",
    "containerd testsuite RootPermission, DirectoryPermissionOnCommit (moby#27298)",
    "layers.md rule 3",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const { xattrs } = trial.directory;
    const look = (root: string): Attributes => {
      const stat = lstatSync(root, { bigint: true });
      const xattr = getXattr(root, "user.root")?.toString() ?? null;
      return {
        mode: Number(stat.mode) & 0o7777,
        owner: [Number(stat.uid), Number(stat.gid)],
        xattr,
        mtimeNs: stat.mtimeNs,
      };
    };
    const give = (root: string, mode: number, owner: number, xattr: string) => {
      if (trial.host.fullRoot) chownSync(root, owner, owner + 1);
      chmodSync(root, mode);
      if (xattrs.user) setXattr(root, "user.root", xattr);
      utimesSync(root, 1_234_567_890.123_456, 1_234_567_890.123_456);
    };
    const generations: [mode: number, owner: number, xattr: string][] = [
      [0o1751, 5, "base"],
      [0o700, 7, "child"],
      [0o2775, 9, "grandchild"],
    ];
    let parent: string | null = null;
    let expected: Attributes | null = null;
    for (const [generation, [mode, owner, xattr]] of generations.entries()) {
      const active: ActiveLayer = await store.prepare({ parent });
      const mount = await active.mount();
      if (expected !== null)
        trial.equal(look(mount.path), expected, `the root of a new layer, generation ${generation}`);
      writeFileSync(path.join(mount.path, `f${generation}`), "");
      give(mount.path, mode, owner, xattr);
      expected = look(mount.path);
      trial.equal(expected.mode, mode, "the mode that was given");
      await mount.unmount();
      const layer: Layer = await active.commit({ durability: "none" });
      trial.equal(await viewing(store, layer, look), expected, `the root of the view, generation ${generation}`);
      parent = layer.id;
    }
  },
};
