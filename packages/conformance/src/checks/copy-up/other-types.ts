import { chmodSync, closeSync, lchownSync, lstatSync, lutimesSync, openSync, writeSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile, plantNode, plantSymlink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const lchownSymlink: Check = {
  id: "CU10",
  title: "lchown of a lower symlink keeps its text and time, setting its times its owner; the target is not touched",
  restsOn: ["times"],
  cites: ["lchown(2)", "pjdfstest chown", "measured on 6.18"],
  needs: ["ids"],
  deviations: {
    "made-anew":
      "a symlink given an owner has the time of the copy-up, one whose times are set belongs to root (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "target", "x");
      plantSymlink(root, "link", "target", { mtimeNs: 1_234_567_890_123_456_789n });
      plantSymlink(root, "timed", "target", { uid: 1000, gid: 1000 });
    });
    const base = s.baseFingerprint();
    s.edit((root) => lchownSync(`${root}/link`, 11, 12));
    s.edit((root) => lutimesSync(`${root}/timed`, 1, 1));
    await s.commit();
    const lines = s.differences();
    const anew = ["link: mtime", "timed: owner"];
    if (lines.length === 2 && anew.every((start, i) => lines[i]?.startsWith(start))) return "made-anew";
    await expectKept(t, s, base);
    return;
  },
};

export const chmodNodes: Check = {
  id: "CU19",
  title: "chmod of lower devices, fifo and socket keeps type and number, and the device works",
  restsOn: ["special"],
  cites: ["overlayfs.rst, Non-directories", "unionmount-testsuite", "measured on 6.18"],
  needs: ["root"],
  deviations: {
    "device-unusable": "opening the device through the mount fails",
    "nodes-become-files":
      "chmod of a device, a fifo or a socket fails; a device or fifo is an empty file afterwards (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantNode(root, "null", "char", { major: 1, minor: 3 });
      plantNode(root, "loop", "block", { major: 7, minor: 250 });
      plantNode(root, "wide", "char", { major: 511, minor: 70_000 });
      plantNode(root, "fifo", "fifo");
      plantNode(root, "socket", "socket");
    });
    const base = s.baseFingerprint();
    const nodes = ["null", "loop", "wide", "fifo", "socket"];
    const changed = s.observe((root) => nodes.map((name) => t.errno(() => chmodSync(`${root}/${name}`, 0o600))));
    if (lstatSync(`${s.root}/null`).isFile()) {
      t.ok(Array.isArray(changed.mount) && changed.mount.every((errno) => errno !== null), "each chmod was refused");
      await expectKept(t, s, base, { except: nodes });
      return "nodes-become-files";
    }
    t.equal(changed.mount, changed.model, "chmod of each");
    const used = s.observe((root) => {
      const fd = openSync(`${root}/null`, "r+");
      try {
        return writeSync(fd, "into nothing");
      } finally {
        closeSync(fd);
      }
    });
    await expectKept(t, s, base);
    if (used.model === 12 && used.mount !== 12) return "device-unusable";
    t.equal(used.mount, used.model, "a write to the null device");
    return;
  },
};

export const symlinkXattrs: Check = {
  id: "CU44",
  title: "an xattr set on a symlink is the symlink's, lower or new; what it names has none",
  restsOn: ["xattrs"],
  cites: ["setxattr(2), lsetxattr", "measured on 6.18"],
  needs: ["root"],
  deviations: {
    ENOENT: "a symlink can have no xattr (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "named", "x");
      plantSymlink(root, "lower", "named");
    });
    const base = s.baseFingerprint();
    const set = s.observe((root) => {
      plantSymlink(root, "new", "nowhere");
      return ["lower", "new"].map((name) => t.errno(() => setXattr(`${root}/${name}`, "trusted.mine", "1")));
    });
    if (isDeepStrictEqual(set.mount, ["ENOENT", "ENOENT"])) {
      await expectKept(t, s, base, { except: ["lower", "new"] });
      return "ENOENT";
    }
    t.equal(set.mount, set.model, "setting one on each symlink");
    await expectKept(t, s, base);
    return undefined;
  },
};
