import { chmodSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { linkGroups } from "../../tree/compare.ts";
import { plantFile, plantLink, plantSymlink } from "../../tree/plant.ts";
import { snapshotTree } from "../../tree/snapshot.ts";
import type { Trial } from "../../trial/trial.ts";

function subdirectories(directory: string): number {
  return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;
}

export const numbersUnique: Check = {
  id: "ME04",
  title: "device and inode numbers are unique, of one device; link counts of directories",
  restsOn: ["inodes"],
  cites: ["overlayfs.rst, Inode properties", "find(1), -noleaf", "measured on 6.18, aufs on 6.1"],
  deviations: {
    "dir-nlink-1": "every merged directory has link count 1",
    "nlink-of-known-names":
      "a file's link count is the number of its names that were looked at so far (fuse-overlayfs)",
    "dir-nlink-summed": "a merged directory counts the subdirectories of each layer for itself (aufs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["a", "d/b", "d/e/c", "d/g/x"]) plantFile(root, name);
      plantLink(root, "a", "d/a2");
      plantSymlink(root, "link", "a");
    });
    await s.remount();
    const knownOnly = lstatSync(`${s.root}/a`).nlink === 1;
    s.edit((root) => {
      writeFileSync(`${root}/d/b`, "copied up");
      writeFileSync(`${root}/d/new`, "upper only");
    });
    await s.commit();
    s.edit((root) => writeFileSync(`${root}/d/e/c`, "copied up"));
    const tree = snapshotTree(s.root);
    const devices = new Set([...tree.values()].map((entry) => entry.inode.split(":").slice(0, 2).join(":")));
    t.equal(devices.size, 1, "number of devices in the mount");
    const inodes = new Map<string, string>();
    for (const [path, entry] of tree) {
      const other = inodes.get(entry.inode);
      const linked =
        other !== undefined && linkGroups(tree).get(path) === linkGroups(tree).get(other) && path.endsWith("a2");
      t.ok(other === undefined || linked, `${path} and ${other} have one inode number`);
      inodes.set(entry.inode, path);
    }
    const directories = ["", "d", "d/e", "d/g"].map((name) => `/${name}`);
    const counts = (root: string) => directories.map((name) => lstatSync(root + name).nlink);
    const seen = counts(s.root);
    const model = counts(s.model);
    // 2 and one for each subdirectory is right everywhere, although btrfs itself says 1 of every directory.
    const counted = directories.map((name) => 2 + subdirectories(s.model + name));
    if (seen.join() === model.join() || seen.join() === counted.join())
      return knownOnly ? "nlink-of-known-names" : undefined;
    if (!knownOnly && seen.every((count, index) => count >= (model[index] ?? 0))) return "dir-nlink-summed";
    // A directory that one lower alone has keeps that one's count.
    const told = seen.every((count, index) => count === 1 || count === model[index]);
    t.ok(told, `link counts of directories are ${seen}, the model's ${model}`);
    return "dir-nlink-1";
  },
};

export const numbersOverRemount: Check = {
  id: "ME11",
  title: "inode numbers of untouched names stay over a remount",
  restsOn: ["inodes"],
  cites: ["overlayfs.rst, Inode properties", "measured on 6.18, aufs on 6.1"],
  deviations: { "ino-not-stable": "some names get other inode numbers with a new mount" },
  async run(t: Trial) {
    const names = Array.from({ length: 20 }, (_, index) => `d/${index}`);
    const s = await t.scenario((root) => {
      for (const name of names) plantFile(root, name);
    });
    s.edit((root) => chmodSync(`${root}/d/7`, 0o600));
    const numbers = (order: readonly string[]) =>
      new Map(order.map((name) => [name, lstatSync(`${s.root}/${name}`, { bigint: true }).ino]));
    const before = numbers(names);
    await s.remount();
    // In another order, or numbers counted up at look-up would seem stable.
    const after = numbers(names.toReversed());
    return names.every((name) => before.get(name) === after.get(name)) ? undefined : "ino-not-stable";
  },
};
