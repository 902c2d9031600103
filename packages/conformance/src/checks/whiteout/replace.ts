import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { listXattrs, setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { aclForUser } from "../../tree/xattr-values.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectOpaque, expectOwnNames, ownNamesIn } from "./marks.ts";
import { readTree, writeTree } from "./tree-specs.ts";

export const recreateLeaksNothing: Check = {
  id: "WH03",
  title: "a file or directory made where one was deleted takes nothing over from it",
  cites: ["overlayfs.rst, whiteouts and opaque directories", "xfstests overlay/008, overlay/014", "measured on 6.18"],
  async run(trial: Trial) {
    const { fullRoot } = trial.host;
    const s = await trial.scenario((root) => {
      const [file, dir] = [path.join(root, "f"), path.join(root, "d")];
      writeTree(root, ["d/", "f=old"]);
      if (fullRoot) for (const at of [file, dir]) chownSync(at, 123, 456);
      if (trial.directory.xattrs.user) {
        for (const at of [file, dir]) setXattr(at, "user.old", "leak");
        // Of a user that exists in a user namespace too.
        const acl = aclForUser(trial.host.euid, 6);
        setXattr(file, "system.posix_acl_access", acl);
        setXattr(dir, "system.posix_acl_default", acl);
      }
      chmodSync(file, 0o6751);
      chmodSync(dir, 0o1777);
    });
    s.edit((root) => {
      unlinkSync(path.join(root, "f"));
      rmdirSync(path.join(root, "d"));
      writeFileSync(path.join(root, "f"), "new", { mode: 0o640 });
      mkdirSync(path.join(root, "d"), { mode: 0o700 });
    });
    for (const when of ["at once", "after a remount"]) {
      if (when !== "at once") await s.remount();
      for (const [name, mode] of [
        ["f", 0o640],
        ["d", 0o700],
      ] as const) {
        const stat = lstatSync(path.join(s.root, name));
        trial.equal(stat.mode & 0o7777, mode & ~process.umask(), `mode of ${name} ${when}`);
        trial.equal(stat.uid, trial.host.euid, `owner of ${name} ${when}`);
        const left = listXattrs(path.join(s.root, name)).filter(
          (x) => x === "user.old" || x.startsWith("system.posix_acl"),
        );
        trial.equal(left, [], `xattrs of ${name} ${when}`);
      }
      s.compare();
    }
  },
};

export const replaceDirectory: Check = {
  id: "WH04",
  title: "a directory removed and made again shows only what was put in anew",
  restsOn: ["xattrs"],
  cites: [
    "overlayfs.rst, opaque directories",
    "moby#25244",
    "containerd testsuite RemoveDirectoryInLowerLayer",
    "unionmount-testsuite rmtree-new.py",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/a=1", "d/s/b=2", "kept=k"]));
    const before = s.baseFingerprint();
    s.edit((root) => {
      rmSync(path.join(root, "d"), { recursive: true });
      mkdirSync(path.join(root, "d"));
      writeFileSync(path.join(root, "d/n"), "new");
    });
    trial.equal(readdirSync(path.join(s.root, "d")), ["n"], "names at once");
    s.compare();
    await s.remount();
    trial.equal(readdirSync(path.join(s.root, "d")), ["n"], "names after a remount");
    s.compare();
    await expectOpaque(trial, s, "d");
    await s.commit();
    trial.equal(readdirSync(path.join(s.root, "d")), ["n"], "names in the next layer");
    s.compare();
    trial.equal(s.baseFingerprint(), before, "the base layer on disk");
  },
};

export const nothingLeftInOpaque: Check = {
  id: "WH13",
  title: "a file made and deleted inside a replaced directory leaves no whiteout",
  cites: ["overlayfs.rst, opaque directories", "fuse-overlayfs leaves helper files there (measured, 1.10)"],
  deviations: { "helpers-left": "the filesystem's own marker files stay in the replaced directory, and nothing else" },
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/a=1", "d/b=2"]));
    s.edit((root) => {
      rmSync(path.join(root, "d"), { recursive: true });
      mkdirSync(path.join(root, "d"));
      // "a" exists below, "fresh" nowhere: neither needs hiding.
      for (const name of ["d/a", "d/fresh"]) writeFileSync(path.join(root, name), "short-lived");
      for (const name of ["d/a", "d/fresh"]) unlinkSync(path.join(root, name));
    });
    s.compare();
    await s.remount();
    trial.equal(readdirSync(path.join(s.root, "d")), [], "names after a remount");
    s.compare();
    const helpers = ["+.wh..wh..opq", "-.wh..opq"];
    const left = await ownNamesIn(trial, s, "d");
    if (left.length > 0 && left.every((name) => helpers.includes(name))) return "helpers-left";
    await expectOwnNames(trial, s, "d", []);
    return;
  },
};

export const changeType: Check = {
  id: "WH17",
  title: "file to directory, directory to file, directory to symlink",
  cites: ["overlayfs.rst, a non-directory hides a directory and the other way round", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/in=1", "e/in=2", "f=3", "l->d"]));
    const swap = (root: string) => {
      for (const name of ["d", "e", "f", "l"]) rmSync(path.join(root, name), { recursive: true });
      writeTree(root, ["d=now a file", "f/deep/in=now a directory", "l/in=now a directory"]);
      symlinkSync("f", path.join(root, "e"));
    };
    s.edit(swap);
    s.compare();
    await s.remount();
    s.compare();
    const after = ["d=now a file", "e->f", "f/deep/in=now a directory", "l/in=now a directory"];
    trial.equal(readTree(s.root), after, "the tree after a remount");
    await s.commit();
    s.compare();
    // And back again, over a layer that holds the changed types.
    s.edit((root) => {
      for (const name of ["d", "e", "f", "l"]) rmSync(path.join(root, name), { recursive: true });
      writeTree(root, ["d/again=1", "e/again=2", "f=again", "l->nowhere"]);
    });
    await s.remount();
    s.compare();
    await s.commit();
    trial.equal(readTree(s.root), ["d/again=1", "e/again=2", "f=again", "l->nowhere"], "the tree two layers on");
    trial.equal(readFileSync(path.join(s.root, "f"), "utf8"), "again", "content");
    s.compare();
  },
};

export const recreatedNestedDirectory: Check = {
  id: "WH23",
  title: "nested directories removed and made again stay empty through a commit",
  cites: ["overlayfs.rst, opaque directories", "xfstests overlay/031", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["a/b/x=1", "a/y=2"]));
    s.edit((root) => {
      rmSync(path.join(root, "a"), { recursive: true });
      mkdirSync(path.join(root, "a/b"), { recursive: true });
    });
    await s.commit();
    s.compare();
    s.edit((root) => {
      writeFileSync(path.join(root, "a/b/x"), "short-lived");
      unlinkSync(path.join(root, "a/b/x"));
    });
    await s.remount();
    s.compare();
    trial.equal(readTree(s.root), ["a/b/"], "the tree at the end");
    await expectOwnNames(trial, s, "a/b", []);
  },
};
