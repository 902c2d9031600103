import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile, plantLink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

function plantGroup(root: string): void {
  plantFile(root, "a", "old content");
  plantLink(root, "a", "b");
  plantLink(root, "a", "d/c");
}

function overwrite(path: string, text: string): void {
  const fd = openSync(path, "r+");
  writeSync(fd, text, 0);
  closeSync(fd);
}

export const writeThroughLink: Check = {
  id: "CU07",
  title: "what is written through one name of a lower hard link group shows under all of them",
  restsOn: ["inodes"],
  cites: ["overlayfs.rst, Non-standard behavior (c) and index", "xfstests overlay/018", "measured on 6.18"],
  deviations: {
    "link-broken": "the written name becomes a file of its own; the others keep the old bytes",
    "until-unmount":
      "all names show the new bytes until the unmount, then the others fall back (aufs, pseudo-links not flushed)",
    "in-mounts-only":
      "a mount shows the new bytes under all names, but in the layer only the written one has them: its archive breaks the link (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario(plantGroup);
    const base = s.baseFingerprint();
    s.observe((root) => overwrite(`${root}/a`, "NEW"));
    const names = ["a", "b", "d/c"];
    const contents = () => names.map((name) => readFileSync(`${s.root}/${name}`, "latin1"));
    const linked = s.differences().length === 0;
    await s.remount();
    t.equal(s.baseFingerprint(), base, "the base layer's own directory");
    const inLayer = existsSync(`${s.layerDirectory()}/b`);
    if (s.differences().length === 0) return inLayer ? undefined : "in-mounts-only";
    s.compare({ except: names });
    // The three are one inode then, with the bytes of the copy and the time of the lower file.
    if (!inLayer && new Set(contents()).size === 1) return "in-mounts-only";
    t.equal(contents(), ["NEW content", "old content", "old content"], "the three names' bytes after a remount");
    if (linked) return "until-unmount";
    t.equal(lstatSync(`${s.root}/a`).nlink, 1, "link count of the written name");
    return "link-broken";
  },
};

export const unlinkOneOfThree: Check = {
  id: "CU08",
  title: "unlinking one of three lower names leaves a link count of two",
  restsOn: ["inodes"],
  cites: ["overlayfs.rst, index", "xfstests overlay/033", "measured on 6.18"],
  deviations: { "nlink-stale": "the remaining names keep the count of the lower inode, or another wrong one" },
  async run(t: Trial) {
    const s = await t.scenario(plantGroup);
    const base = s.baseFingerprint();
    s.edit((root) => unlinkSync(`${root}/b`));
    await expectKept(t, s, base, { ignoreLinks: true });
    return s.differences({ exactLinkCounts: true }).length === 0 ? undefined : "nlink-stale";
  },
};

export const linkThenWrite: Check = {
  id: "CU09",
  title: "a new link to a lower file and the file stay one inode when it is written",
  restsOn: ["inodes"],
  cites: ["unionmount-testsuite hard-link.py", "measured on 6.18"],
  deviations: {
    "link-lost": "after a remount the lower name is a file of its own again (aufs)",
    "nlink-stale": "the data is shared, the link count is wrong (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "f", "old content");
      plantDirectory(root, "d");
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      linkSync(`${root}/f`, `${root}/d/f2`);
      overwrite(`${root}/f`, "NEW");
    });
    s.compare({ ignoreLinks: true });
    await s.remount();
    t.equal(s.baseFingerprint(), base, "the base layer's own directory");
    if (s.differences({ exactLinkCounts: true }).length === 0) return;
    if (readFileSync(`${s.root}/f`, "latin1") === "old content") return "link-lost";
    s.compare({ ignoreLinks: true });
    t.equal(lstatSync(`${s.root}/f`).ino, lstatSync(`${s.root}/d/f2`).ino, "inode number of the two names");
    return "nlink-stale";
  },
};

export const renameOverOwnLink: Check = {
  id: "CU45",
  title:
    "a new link to a lower file is the file at once: one inode number, and renaming the one to the other does nothing",
  restsOn: ["inodes"],
  cites: ["rename(2): two names of one file", "found by RD01 in a user namespace", "measured on 6.18"],
  deviations: {
    "inode-of-its-own":
      "the data is shared, but the mount has an inode for each of the two names: other numbers, and rename gives ESTALE",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "old content"));
    const told = s.observe((root) => {
      linkSync(`${root}/f`, `${root}/f2`);
      const same = lstatSync(`${root}/f`).ino === lstatSync(`${root}/f2`).ino;
      return { same, rename: t.errno(() => renameSync(`${root}/f`, `${root}/f2`)) };
    });
    s.edit((root) => overwrite(`${root}/f2`, "NEW"));
    t.equal(readFileSync(`${s.root}/f`, "latin1"), "NEW content", "the file, written through its new link");
    await s.remount();
    t.equal(lstatSync(`${s.root}/f`).ino, lstatSync(`${s.root}/f2`).ino, "inode number of the two names");
    t.equal(told.model, { same: true, rename: null }, "in the plain directory");
    if (isDeepStrictEqual(told.mount, { same: false, rename: "ESTALE" })) return "inode-of-its-own";
    t.equal(told.mount, told.model, "through the mount");
    return undefined;
  },
};
