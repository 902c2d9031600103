import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { compareTrees } from "../../tree/compare.ts";
import { snapshotTree } from "../../tree/snapshot.ts";
import { declaredEverywhere } from "../../trial/declared.ts";
import type { Trial } from "../../trial/trial.ts";
import { plantEveryKind, requireOwnId } from "./every-kind.ts";
import { applied, exported, viewing } from "./layers.ts";

const ATTRIBUTES = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner"];

/** DA01 */
export const gnuTarAgrees: Check = {
  id: "DA01",
  title: "GNU tar unpacks an exported layer to the same tree, and what GNU tar packs becomes the same layer",
  cites: ["catalogue.md DA01, 25 kinds of entry", "layers.md: same views, same bytes"],
  needs: ["tool:tar"],
  async run(trial: Trial) {
    const store = await trial.store();
    const tree = trial.directoryFor("tree");
    requireOwnId(trial, tree);
    plantEveryKind(trial, tree);
    const { layer } = await store.importTree(tree, { durability: "none" });
    const links = { ignoreLinkCounts: declaredEverywhere(trial.profile).linkCounts };
    trial.equal(
      await viewing(store, layer, (root) => compareTrees(snapshotTree(tree), snapshotTree(root), links)),
      [],
      "tree and view",
    );

    const tar = await exported(store, layer);
    const file = `${trial.directoryFor("out")}/layer.tar`;
    writeFileSync(file, tar);
    const unpacked = trial.directoryFor("unpacked");
    gnuTar(
      "--extract",
      "--file",
      file,
      "--directory",
      unpacked,
      "--preserve-permissions",
      ...sameOwner(trial),
      ...ATTRIBUTES,
    );
    trial.equal(compareTrees(snapshotTree(tree), snapshotTree(unpacked)), [], "tree and what GNU tar unpacked");

    const packed = `${trial.directoryFor("packed")}/gnu.tar`;
    gnuTar("--create", "--file", packed, "--format=posix", "--sparse", ...ATTRIBUTES, "--directory", tree, ".");
    const theirs = await applied(store, null, readFileSync(packed));
    trial.equal(
      await viewing(store, theirs, (root) => compareTrees(snapshotTree(tree), snapshotTree(root), links)),
      [],
      "tree and GNU's archive applied",
    );
    trial.ok(tar.equals(await exported(store, theirs)), "both layers export the same bytes");
  },
};

function sameOwner(trial: Trial): string[] {
  return trial.host.fullRoot ? ["--same-owner"] : ["--no-same-owner"];
}

function gnuTar(...args: string[]): void {
  execFileSync("tar", args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "C" } });
}
