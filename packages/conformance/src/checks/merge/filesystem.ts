import { execFileSync } from "node:child_process";
import { readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { statfs } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

export const longestName: Check = {
  id: "ME08",
  title: "statfs tells the longest name, and a name of that length works",
  restsOn: ["names"],
  cites: ["statfs(2), f_namelen", "measured on 6.18, aufs on 6.1"],
  deviations: { "short-names": "names are shorter than the filesystem below allows (aufs 242, fuse-overlayfs 251)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f"));
    const [model, mount] = [statfs(s.model).nameMax, statfs(s.root).nameMax];
    t.ok(mount >= 200 && mount <= model, `f_namelen is ${mount}, the filesystem's ${model}`);
    s.edit((root) => writeFileSync(`${root}/${"n".repeat(mount)}`, "x"));
    await s.remount();
    s.compare();
    const tooLong = s.edit((root) => t.errno(() => writeFileSync(`${root}/${"n".repeat(model + 1)}`, "x")));
    t.equal(tooLong, "ENAMETOOLONG", "a longer name");
    return mount === model ? undefined : "short-names";
  },
};

export const toolsWork: Check = {
  id: "ME12",
  title: "getcwd after a failed rmdir, find and du work in a merged directory",
  cites: ["xfstests overlay/007", "measured on 6.18"],
  needs: ["tool:find", "tool:du"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["d/e/f", "d/g/h", "d/i"]) plantFile(root, name);
    });
    s.edit((root) => writeFileSync(`${root}/d/e/new`, "merged"));
    const refused = s.edit((root) => t.errno(() => rmdirSync(`${root}/d/e`)));
    t.equal(refused, "ENOTEMPTY", "rmdir of a full directory");
    const say = (root: string, command: string, ...args: string[]) =>
      execFileSync(command, args, { cwd: `${root}/d/e`, encoding: "latin1" })
        .trim()
        .split("\n")
        .sort();
    t.equal(say(s.root, "pwd", "-P"), [`${s.root}/d/e`], "getcwd");
    s.edit((root) => say(root, "find", "..", "-type", "d"));
    s.edit((root) => say(root, "find", "..", "-type", "f"));
    s.edit((root) => say(root, "du", "-a", "--inodes", "..").length);
  },
};

export const lowersAreClosed: Check = {
  id: "ME14",
  title: "a committed layer that is mounted as somebody's lower can be neither mounted writable nor removed",
  cites: ["overlayfs.rst, Changes to underlying filesystems", "catalogue ME14: the kernel protects nothing"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "lower"));
    const store = await t.store();
    await t.rejects(store.mount(s.base.id, { mode: "rw" }), "NOT_ACTIVE", "mounting the base writable");
    await t.rejects(store.remove(s.base.id), "LAYER_IN_USE", "removing the base");
    await t.rejects(store.commit(s.base.id), "NOT_ACTIVE", "committing the base again");
    t.equal(readdirSync(s.root), ["f"], "names in the mount");
    s.compare();
  },
};
