import { linkSync, lstatSync, mkdirSync, unlinkSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Check } from "../../check.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, viewing } from "../diff/layers.ts";
import { mountGround } from "../mounts/ground.ts";
import { readTree } from "./tree-specs.ts";

/** More links than ext4 (65,000) and btrfs (65,535) give one inode. */
const LINKS = 65_600;
/** Give one inode 2^31 links: not to be filled. */
const BOUNDLESS = ["xfs", "tmpfs"];

export const whiteoutInodeIsFull: Check = {
  id: "WH33",
  title: "deletions go on when the inode that a layer's whiteouts share has all the links it can have",
  restsOn: ["inodes", "special"],
  cites: [
    "fs/overlayfs/dir.c, ovl_whiteout: whiteouts are links of one inode since 5.8, a new one after EMLINK",
    "catalogue.md WH33: 65,000 whiteouts in one upper; here the links are made beside it",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const names = ["a", "b", "c", "d/a", "d/b"];
    const { store, id } = await mountGround(trial, [...names.map((name) => `${name}=0`), "kept=1"]);
    {
      await using mount = await store.mount(id);
      unlinkSync(path.join(mount.path, "a"));
      const spare = trial.directoryFor("links");
      if (!BOUNDLESS.includes(trial.directory.filesystem))
        fillLinks(path.join(store.access(await store.get(id)).dir, "a"), spare);
      for (const name of names.slice(1)) unlinkSync(path.join(mount.path, name));
      trial.equal(readTree(mount.path), ["d/", "kept=1"], "the tree");
      await removeTree(spare);
    }
    await store.commit(id, { durability: "none" });
    trial.equal(await viewing(store, { id }, readTree), ["d/", "kept=1"], "the view");
    const paths = pathsOf(readCanonical(await exported(store, { id })));
    trial.equal(
      paths.filter((p) => p.includes(".wh.")),
      [".wh.a", ".wh.b", ".wh.c", "d/.wh.a", "d/.wh.b"],
      "whiteouts in the archive",
    );
  },
};

/** Gives the inode of a whiteout its last link, if the filesystem has a last one. Nothing where deletions leave no name. */
function fillLinks(whiteout: string, directory: string): void {
  if (lstatSync(whiteout, { throwIfNoEntry: false }) === undefined) return;
  try {
    for (let made = 0; made < LINKS; made++) {
      // btrfs holds few links of one inode in one directory.
      const below = `${directory}/${made >> 9}`;
      if (made % 512 === 0) mkdirSync(below);
      linkSync(whiteout, `${below}/${made}`);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EMLINK") throw error;
  }
}
