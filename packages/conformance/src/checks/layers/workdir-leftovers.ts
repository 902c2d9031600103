import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isStorageError } from "@copyup/core";
import { AT_FDCWD, mknodAt, S_IFCHR } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, viewing } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";
import { mountGround } from "../mounts/ground.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const workdirLeftovers: Check = {
  id: "LA15",
  title:
    "what a crash left in a workdir is wiped or left, never seen: not in the mount, the commit, the diff or the usage",
  cites: [
    "fs/overlayfs/super.c, ovl_workdir_create: work/work is emptied at mount",
    "fs/overlayfs/readdir.c, ovl_workdir_cleanup: two levels deep; deeper leftovers make the mount read-only without a word (measured on 6.18)",
  ],
  needs: ["namespace-root", "mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    {
      await using mount = await store.mount(id);
      writeTree(mount.path, ["n=1"]);
    }
    const usage = await store.usage(id);
    const step = (await store.explain(id, "rw")).steps.find((one) => one.type === "overlay");
    const inside = step?.work ? path.join(step.work, "work") : null;
    if (step?.work && inside) {
      if (!existsSync(inside)) mkdirSync(inside);
      // As the kernel names a file it is copying up, and a directory it is removing.
      writeTree(inside, ["#1a=half a copy", "#2b/f=gone"]);
      mknodAt(AT_FDCWD, path.join(inside, "#3c"), S_IFCHR, 0, 0);
      writeFileSync(path.join(step.work, "of-a-user"), "x");
    }
    if (inside) trial.equal(await store.usage(id), usage, "usage of the layer, its leftovers not counted");
    {
      await using mount = await store.mount(id);
      trial.equal(readTree(mount.path), ["d/x=lower", "f=lower", "n=1"], "the tree");
      if (inside) trial.equal(readdirSync(inside), [], "what is left in the kernel's own directory");
      writeTree(mount.path, ["d/x=2"]);
    }
    if (step?.work && inside) {
      writeTree(inside, ["#4d/a/b/c=deeper than the kernel looks"]);
      const error = await failureOf(store.mount(id).then((mount) => mount.unmount()));
      trial.ok(
        error === null || isStorageError(error, "MOUNT_MISMATCH"),
        `deep leftovers are wiped, or the mount is refused, not ${error}`,
      );
    }
    await store.commit(id, { durability: "none" });
    trial.equal(await viewing(store, { id }, readTree), ["d/x=2", "f=lower", "n=1"], "the view");
    const paths = pathsOf(readCanonical(await exported(store, { id })));
    trial.equal(
      paths.filter((name) => !name.endsWith("/")),
      ["d/x", "n"],
      "files in the diff",
    );
    if (step?.work) trial.equal(readdirSync(step.work), [], "the committed layer's workdir");
    trial.equal((await store.check()).problems, [], "problems that check finds");
  },
};
