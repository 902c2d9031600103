import { execFileSync } from "node:child_process";
import { appendFileSync, lstatSync, readFileSync } from "node:fs";
import type { Layer } from "@copyup/core";
import { bindMount, mount2, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const severalFilesystems: Check = {
  id: "ME15",
  title: "layers on three filesystems: the tree is whole, and no two files have one device and inode number",
  restsOn: ["inodes"],
  cites: ["overlayfs.rst, Inode properties (the table of xino)", "xfstests overlay/067", "measured on 6.18"],
  needs: ["namespace-root", "mount", "tool:cp"],
  deviations: {
    "device-per-layer": "files have a device number for each filesystem that layers lie on",
    "numbers-collide":
      "one device, and files of layers on different filesystems may have one inode number (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const store = await trial.store();
    const names = (layer: string) => Array.from({ length: 12 }, (_, k) => `d/${layer}${k}=${layer}`);
    const base = await layerOn(store, null, (root) => writeTree(root, names("base")));
    const middle = await layerOn(store, base, (root) => writeTree(root, [...names("middle"), "d/base0=middle"]));
    const moved: Disposable[] = [];
    try {
      moved.push(onItsOwnFilesystem(trial, base), onItsOwnFilesystem(trial, middle));
      await using active = await store.prepare({ parent: middle.id });
      await using mount = await active.mount();
      writeTree(mount.path, names("top"));
      for (const name of ["base1", "middle1"]) appendFileSync(`${mount.path}/d/${name}`, "+");
      const expected = [...names("base"), ...names("middle"), ...names("top")].map((spec) =>
        spec.replace(/^d\/base0=.*/, "d/base0=middle").replace(/^(d\/(?:base|middle)1=.*)/, "$1+"),
      );
      trial.equal(readTree(mount.path), expected.sort(), "the tree");
      const seen = new Map<string, string>();
      const devices = new Set<bigint>();
      const collisions: string[] = [];
      for (const name of ["d", ...expected.map((spec) => spec.replace(/=.*/, ""))]) {
        const { dev, ino } = lstatSync(`${mount.path}/${name}`, { bigint: true });
        const other = seen.get(`${dev}:${ino}`);
        if (other !== undefined) collisions.push(`${other} and ${name}`);
        seen.set(`${dev}:${ino}`, name);
        devices.add(dev);
      }
      trial.equal(readFileSync(`${mount.path}/d/base2`, "latin1"), "base", "a file of the base");
      if (collisions.length > 0 && devices.size === 1) return "numbers-collide";
      trial.equal(collisions, [], "pairs of names with the same numbers");
      return devices.size === 1 ? undefined : "device-per-layer";
    } finally {
      for (const one of moved.reverse()) one[Symbol.dispose]();
    }
  },
};

/** The layer's body lies on a filesystem of its own from now on, as after mounting a disk there. */
function onItsOwnFilesystem(trial: Trial, { body }: Layer): Disposable {
  const path = trial.directoryFor("filesystem");
  mount2("copyup-layer", path, "tmpfs", 0, "size=4m,mode=0755");
  try {
    execFileSync("cp", ["-a", `${body}/.`, path], { stdio: ["ignore", "ignore", "pipe"] });
    bindMount(path, body, false);
  } finally {
    // Held by the bind, if there is one.
    unmount(path, true);
  }
  return { [Symbol.dispose]: () => unmount(body) };
}
