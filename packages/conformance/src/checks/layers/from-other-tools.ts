import { lstatSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import { plantFile, plantLink } from "../../tree/plant.ts";
import { declares } from "../../trial/declared.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, exported, layerOn, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { editWithOptions } from "./foreign-options.ts";

export const indexedLayer: Check = {
  id: "LA17",
  title: "a layer edited with index=on, a hard link copied up in it: the diff says what its own mounts show",
  restsOn: ["inodes", "xattrs"],
  cites: [
    "overlayfs.rst, inode index: the index lies in the workdir, and a lower has none (measured: the link is broken again)",
    "docs/decisions/0021",
    "measured on 6.18",
  ],
  deviations: {
    "link-lost-in-archive":
      "a mount shows the new bytes under all names, the archive has them under one of them only (fuse-overlayfs)",
  },
  needs: ["namespace-root", "mount"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "a", "old");
      for (const name of ["b", "c"]) plantLink(root, "a", name);
    });
    const { id } = await store.prepare({ parent: base.id });
    const edit = (root: string) => writeFileSync(`${root}/b`, "new");
    if (!(await editWithOptions(trial, store, id, ["index=on"], edit))) {
      await using mount = await store.mount(id);
      edit(mount.path);
    }
    const active = await viewing(store, { id }, treeLines);
    await store.commit(id, { durability: "none" });
    const view = await viewing(store, { id }, treeLines);
    // The link count of a group that lies in two layers is not the kernel's to know without the index.
    const told = (lines: readonly string[]) => lines.map((line) => line.replace(/"nlink":\d+/, ""));
    trial.equal(told(view), told(active), "the view before and after the commit");
    const tar = await exported(store, { id });
    trial.ok(!tar.includes("overlay."), "no private xattr of overlay in the archive");
    const again = await applied(store, base, tar);
    const theirs = await viewing(store, again, treeLines);
    // The mount's link is in memory of the daemon only (CU07), and which name it writes under is its whim.
    if (declares(trial, "CU07", "in-mounts-only") && told(theirs).join() !== told(view).join()) {
      const others = (lines: readonly string[]) => told(lines.filter((line) => !/"path":"[abc]?"/.test(line)));
      trial.equal(others(theirs), others(view), "all but the three names, in the view of its archive applied again");
      const contents = await viewing(store, again, (root) =>
        ["a", "b", "c"].map((name) => readFileSync(`${root}/${name}`, "latin1")),
      );
      trial.equal(contents.sort(), ["new", "old", "old"], "the three names' bytes there");
      return "link-lost-in-archive";
    }
    trial.equal(told(theirs), told(view), "the view of its archive applied again");
    trial.equal(
      await viewing(store, again, (root) => readFileSync(`${root}/b`, "latin1")),
      "new",
      "the name that was written",
    );
    trial.equal((await store.check()).problems, [], "problems that check finds");
    return;
  },
};

export const redirectedLayer: Check = {
  id: "LA18",
  title: "a layer in which a directory was moved with redirect_dir=on: moved whole or refused, never half a tree",
  restsOn: ["xattrs", "rename"],
  cites: [
    "overlayfs.rst, redirect_dir: with nofollow EPERM on the directory, and not listed (measured on 6.18)",
    "a kernel without REDIRECT_ALWAYS_FOLLOW loses the directory",
    "moby/buildkit#2490",
  ],
  deviations: {
    "redirect-refused": "the moved directory is EPERM by name, and on some kernels left out of listings",
    EXDEV: "the driver's mounts know no redirects: the directory is not moved at all",
  },
  needs: ["root", "mount"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "d/f", "f");
      plantFile(root, "d/deep/g", "g");
    });
    const { id } = await store.prepare({ parent: base.id });
    const edit = (root: string) => renameSync(`${root}/d`, `${root}/moved`);
    if (!(await editWithOptions(trial, store, id, ["redirect_dir=on"], edit))) {
      await using mount = await store.mount(id);
      const errno = trial.errno(() => edit(mount.path));
      if (errno !== null) {
        trial.equal(readdirSync(mount.path), ["d"], "names after the refusal");
        return errno;
      }
    }
    let refused = 0;
    for (const mode of ["rw", "ro"] as const) {
      await using mount = await store.mount(id, { mode });
      const names = readdirSync(mount.path);
      const seen = trial.errno(() => lstatSync(`${mount.path}/moved`));
      if (seen === "EPERM") refused++;
      else
        trial.equal(
          [
            names,
            seen,
            readFileSync(`${mount.path}/moved/f`, "latin1"),
            readFileSync(`${mount.path}/moved/deep/g`, "latin1"),
          ],
          [["moved"], null, "f", "g"],
          `the moved directory (${mode})`,
        );
    }
    // The same answer of the diff, which reads without a mount: whole, or refused by name.
    const tar = await exported(store, { id }).catch((error: unknown) => error);
    if (Buffer.isBuffer(tar)) trial.ok(tar.includes("moved/deep/g"), "the diff has the moved directory whole");
    else trial.ok(isStorageError(tar) && `${tar.message}${tar.path}`.includes("moved"), `refused by name, not ${tar}`);
    trial.ok(refused === 0 || refused === 2, "both mounts refuse, or neither");
    return refused === 0 ? undefined : "redirect-refused";
  },
};
