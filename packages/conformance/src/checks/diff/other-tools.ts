import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, lstatSync, openSync, writeSync } from "node:fs";
import type { Layer } from "@copyup/core";
import { removeXattr, setXattr } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { compareTrees } from "../../tree/compare.ts";
import { plantDirectory, plantFile, plantLink, plantSymlink, setTimes } from "../../tree/plant.ts";
import { snapshotTree } from "../../tree/snapshot.ts";
import { aclForUser } from "../../tree/xattr-values.ts";
import type { Trial } from "../../trial/trial.ts";
import { AWKWARD_VALUE, requireOwnId } from "./every-kind.ts";
import { applied, exported, viewing } from "./layers.ts";

/** LY09 */
export const gnuSparseFiles: Check = {
  id: "LY09",
  title:
    "Sparse files of GNU tar, in the old form with extension blocks and in PAX 0.0, 0.1 and 1.0, keep bytes and holes",
  restsOn: ["extents"],
  cites: [
    "layers.md, reading other people's archives: GNU and PAX sparse",
    "GNU tar manual, Storing Sparse Files",
    "archives made by GNU tar 1.34",
  ],
  needs: ["tool:tar"],
  async run(trial: Trial) {
    const tree = trial.directoryFor("tree");
    requireOwnId(trial, tree);
    plantSparseFiles(tree);
    await sameFromEach(trial, tree, {
      gnu: ["tar", "--format=gnu", "--sparse"],
      oldgnu: ["tar", "--format=oldgnu", "--sparse"],
      "posix 0.0": ["tar", "--format=posix", "--sparse", "--sparse-version=0.0"],
      "posix 0.1": ["tar", "--format=posix", "--sparse", "--sparse-version=0.1"],
      "posix 1.0": ["tar", "--format=posix", "--sparse", "--sparse-version=1.0"],
    });
  },
};

/** LY10 */
export const libarchiveTree: Check = {
  id: "LY10",
  title: "What bsdtar writes comes back: sparse files, LIBARCHIVE.xattr and SCHILY.xattr, ACLs as text",
  restsOn: ["xattrs", "extents"],
  cites: [
    "layers.md, reading other people's archives: LIBARCHIVE.xattr, SCHILY.acl",
    "libarchive-formats(5), PAX extensions",
    "archives made by libarchive 3.6",
  ],
  needs: ["tool:bsdtar"],
  async run(trial: Trial) {
    const tree = trial.directoryFor("tree");
    requireOwnId(trial, tree);
    plantSparseFiles(tree);
    plantFile(tree, "plain", "x", { mode: 0o6755 });
    plantLink(tree, "plain", "plain-too");
    plantSymlink(tree, "link", "plain");
    plantDirectory(tree, "directory", { mode: 0o1777 });
    const friend = trial.host.fullRoot ? 4242 : (process.geteuid?.() ?? 0);
    // One by one: what the filesystem does not take it cannot lose.
    const space = trial.host.fullRoot ? "trusted" : "user";
    for (const [name, xattr, value] of [
      ["plain", `${space}.awkward`, AWKWARD_VALUE],
      ["plain", `${space}.100% odd=name`, "odd"],
      ["plain", "system.posix_acl_access", aclForUser(friend, 6)],
      ["directory", "system.posix_acl_default", aclForUser(friend, 5)],
    ] as const)
      trial.errno(() => setXattr(`${tree}/${name}`, xattr, value));
    settle(tree);
    const bsdtar = (headers: string) => [
      "bsdtar",
      "--format=pax",
      `--options=pax:xattrheader=${headers}`,
      "--read-sparse",
      "--xattrs",
      "--acls",
      "--numeric-owner",
    ];
    await sameFromEach(trial, tree, { "LIBARCHIVE.xattr": bsdtar("LIBARCHIVE"), both: bsdtar("ALL") });
    // libarchive writes a name with `=` there as it is, which nobody can read.
    trial.errno(() => removeXattr(`${tree}/plain`, `${space}.100% odd=name`));
    await sameFromEach(trial, tree, { "SCHILY.xattr": bsdtar("SCHILY") });
  },
};

/** Each command packs the tree; all their archives must become the layer that the tree itself becomes. */
async function sameFromEach(trial: Trial, tree: string, commands: Record<string, readonly string[]>): Promise<void> {
  const store = await trial.store();
  const expected = await exported(store, (await store.importTree(tree, { durability: "none" })).layer);
  for (const [what, [program = "", ...args]] of Object.entries(commands)) {
    const tar = execFileSync(program, [...args, "-cf", "-", "-C", tree, "."], {
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 26,
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    trial.ok(tar.length < 4 << 20, `${what}: the archive holds no holes: ${tar.length} bytes`);
    const layer = await applied(store, null, tar);
    const differences = await viewing(store, layer, (root) => compareTrees(snapshotTree(tree), snapshotTree(root)));
    trial.equal(differences, [], `${what}: the tree and its view`);
    sameHoles(trial, store, layer, tree, what);
    trial.ok(expected.equals(await exported(store, layer)), `${what}: it is the layer that the tree becomes`);
  }
}

/** Wide enough that a filled hole is seen beside what xfs allocates ahead (`sameHoles`). */
const GAP = 64 * 1024;
/** More pieces than a GNU header (4) and its first extension block (21) have room for. */
const SPARSE: Readonly<Record<string, { pieces: number; size: number }>> = {
  "a-few": { pieces: 3, size: 4 * GAP },
  many: { pieces: 60, size: 64 * GAP },
  "only-a-hole": { pieces: 0, size: 8 * GAP },
  "data-at-the-end": { pieces: 2, size: GAP + 4096 + 5000 },
};

function plantSparseFiles(tree: string): void {
  for (const [name, { pieces, size }] of Object.entries(SPARSE)) {
    plantFile(tree, name, "");
    const fd = openSync(`${tree}/${name}`, "r+");
    for (let i = 0; i < pieces; i++)
      writeSync(fd, Buffer.alloc(5000, 65 + (i % 26)), 0, 5000, i * GAP + (i % 3) * 4096);
    ftruncateSync(fd, size);
    closeSync(fd);
  }
  settle(tree);
}

/** Whole seconds: GNU's own formats keep no more. */
function settle(tree: string): void {
  for (const path of snapshotTree(tree, "stat").keys())
    setTimes(`${tree}/${path}`, undefined, 981_173_106_000_000_000n);
}

function sameHoles(trial: Trial, store: LayerStore, layer: Layer, tree: string, what: string): void {
  for (const name of Object.keys(SPARSE)) {
    const blocks = lstatSync(`${store.access(layer).dir}/${name}`).blocks;
    const planted = lstatSync(`${tree}/${name}`).blocks;
    // xfs allocates ahead of who writes, more or less of it; a filled hole is much more than that.
    trial.ok(blocks <= 1.1 * planted + 256, `${what}: ${name} has ${blocks} blocks, where it was packed ${planted}`);
  }
}
