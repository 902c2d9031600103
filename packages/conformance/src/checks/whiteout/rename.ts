import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectOpaque, expectOwnNames } from "./marks.ts";
import { readTree, writeTree } from "./tree-specs.ts";

const move = (root: string, from: string, to: string) => renameSync(path.join(root, from), path.join(root, to));

export const renameOverLower: Check = {
  id: "WH05",
  title: "a new file renamed over a lower one",
  restsOn: ["rename"],
  cites: [
    "unionmount-testsuite rename-file.py",
    "containerd testsuite Rename (moby#25409)",
    "how editors save a file",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["f=lower", "kept=k"]));
    s.edit((root) => {
      writeFileSync(path.join(root, "f.new"), "upper");
      move(root, "f.new", "f");
    });
    s.compare();
    await s.remount();
    s.compare();
    trial.equal(readTree(s.root), ["f=upper", "kept=k"], "the tree after a remount");
    await expectOwnNames(trial, s, "", ["+f"]);
  },
};

export const renameDirectory: Check = {
  id: "WH06",
  title: "a lower, a merged and an empty directory: rename, or EXDEV and then mv(1)",
  restsOn: ["rename"],
  cites: [
    "overlayfs.rst, redirect_dir and renaming directories",
    "moby#25409",
    "buildkit#2490",
    "unionmount-testsuite rename-dir.py, rename-empty-dir.py",
    "measured on 6.18",
  ],
  deviations: {
    EXDEV:
      "rename(2) of a directory that a lower layer has gives EXDEV; mv(1) falls back to copying and gives the same tree",
    "EXDEV-unless-empty": "as EXDEV, but a lower directory with nothing in it is renamed (aufs)",
  },
  needs: ["tool:mv"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["empty/", "lower/s/f=1", "lower/g=2", "merged/a=3"]));
    s.edit((root) => writeFileSync(path.join(root, "merged/b"), "4"));
    const results: string[] = [];
    for (const name of ["empty", "lower", "merged"]) {
      const before = readTree(path.join(s.root, name));
      const seen = s.observe((root) => move(root, name, `${name}-moved`));
      trial.equal(seen.model, undefined, `rename of ${name} in a plain directory`);
      results.push(seen.mount === undefined ? "reference" : seen.mount.errno);
      if (seen.mount === undefined) continue;
      trial.equal(readTree(path.join(s.root, name)), before, `${name} after the refused rename`);
      trial.ok(!readdirSync(s.root).includes(`${name}-moved`), `no ${name}-moved after the refused rename`);
      execFileSync("mv", [path.join(s.root, name), path.join(s.root, `${name}-moved`)], { stdio: "pipe" });
    }
    const [ofEmpty, ...ofOthers] = results;
    const unlessEmpty = ofEmpty === "reference" && ofOthers.every((answer) => answer === "EXDEV");
    const one = new Set(results).size === 1;
    trial.ok(one || unlessEmpty, `one answer for all kinds of directory with content, not ${results.join(", ")}`);
    const after = ["empty-moved/", "lower-moved/g=2", "lower-moved/s/f=1", "merged-moved/a=3", "merged-moved/b=4"];
    trial.equal(readTree(s.root), after, "the tree afterwards");
    await s.remount();
    trial.equal(readTree(s.root), after, "the tree after a remount");
    s.compare({ ignoreDirectoryTimes: true });
    return unlessEmpty ? "EXDEV-unless-empty" : ofEmpty;
  },
};

export const renameIntoDirectory: Check = {
  id: "WH07",
  title: "a lower file renamed into another directory",
  restsOn: ["rename"],
  cites: ["xfstests overlay/006", "containerd testsuite MoveFileFromLowerLayer", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["a/f=data", "b/g=1", "top=2"]));
    const before = s.baseFingerprint();
    s.edit((root) => {
      mkdirSync(path.join(root, "new"));
      move(root, "a/f", "b/f");
      move(root, "top", "new/top");
    });
    s.compare();
    await s.remount();
    s.compare();
    trial.equal(readTree(s.root), ["a/", "b/f=data", "b/g=1", "new/top=2"], "the tree after a remount");
    await expectOwnNames(trial, s, "", ["+a", "+b", "+new", "-top"]);
    await expectOwnNames(trial, s, "a", ["-f"]);
    await expectOwnNames(trial, s, "b", ["+f"]);
    trial.equal(s.baseFingerprint(), before, "the base layer on disk");
  },
};

export const renameOverEmptyDirectory: Check = {
  id: "WH21",
  title: "a new directory renamed over an empty lower one",
  restsOn: ["rename"],
  cites: ["unionmount-testsuite rename-new-dir.py, rename-new-pop-dir.py", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/", "emptied/x=1"]));
    s.edit((root) => {
      unlinkSync(path.join(root, "emptied/x"));
      for (const over of ["d", "emptied"]) {
        writeTree(root, ["fresh/in=new"]);
        move(root, "fresh", over);
      }
    });
    s.compare();
    await s.remount();
    s.compare();
    trial.equal(readTree(s.root), ["d/in=new", "emptied/in=new"], "the tree after a remount");
    await expectOpaque(trial, s, "emptied");
  },
};

export const refusedRenames: Check = {
  id: "WH22",
  title: "renames that a filesystem refuses",
  restsOn: ["rename"],
  cites: ["rename(2): ENOTEMPTY or EEXIST", "unionmount-testsuite rename-pop-dir.py", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["f=1", "full/in=2", "other/in=3"]));
    s.edit((root) => mkdirSync(path.join(root, "new")));
    const tries: [from: string, to: string, errno: string][] = [
      ["new", "full", "ENOTEMPTY"],
      ["f", "full", "EISDIR"],
      ["new", "f", "ENOTDIR"],
      ["nothing", "f", "ENOENT"],
      ["new", "new/inside", "EINVAL"],
    ];
    for (const [from, to, errno] of tries) {
      // rename(2) allows either for a full directory; xfs says EEXIST, overlay on it ENOTEMPTY.
      const got = s.edit((root) => trial.errno(() => move(root, from, to))?.replace("EEXIST", "ENOTEMPTY"));
      trial.equal(got, errno, `rename ${from} to ${to}`);
    }
    s.compare();
    await s.remount();
    s.compare();
  },
};

export const renameThenUnlink: Check = {
  id: "WH25",
  title: "a lower file renamed over another and then deleted hides both",
  restsOn: ["rename"],
  cites: ["unionmount-testsuite rename-file.py, unlink.py", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["a=1", "b=2", "kept=3"]));
    s.edit((root) => move(root, "a", "b"));
    trial.equal(readTree(s.root), ["b=1", "kept=3"], "after the rename");
    s.edit((root) => unlinkSync(path.join(root, "b")));
    await s.remount();
    s.compare();
    trial.equal(readTree(s.root), ["kept=3"], "after a remount");
    await expectOwnNames(trial, s, "", ["-a", "-b"]);
  },
};

export const renameReplacedDirectory: Check = {
  id: "WH34",
  title: "a lower directory is removed, made again and renamed: its old name is gone, also after a remount",
  restsOn: ["rename", "xattrs"],
  cites: ["overlayfs.rst, whiteouts and opaque directories", "found by random programs (RD01)", "measured on 6.18"],
  deviations: {
    "old-name-back": "the lower directory is there again under its old name (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/in=lower", "kept=k"]));
    s.edit((root) => {
      rmSync(path.join(root, "d"), { recursive: true });
      mkdirSync(path.join(root, "d"));
      move(root, "d", "moved");
    });
    await s.remount();
    if (readdirSync(s.root).includes("d")) {
      s.compare({ except: ["d"] });
      trial.equal(readTree(s.root), ["d/in=lower", "kept=k", "moved/"], "the tree after a remount");
      return "old-name-back";
    }
    s.compare();
    await expectOwnNames(trial, s, "", ["+moved", "-d"]);
    return;
  },
};
