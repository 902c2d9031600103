import { chmodSync, closeSync, lchownSync, openSync, writeSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile, plantNode, plantSymlink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const lchownSymlink: Check = {
  id: "CU10",
  title: "lchown of a lower symlink keeps its text and time and does not touch the target",
  cites: ["lchown(2)", "pjdfstest chown", "measured on 6.18"],
  needs: ["root"],
  deviations: { "mtime-now": "the copied symlink's time is that of the copy-up (fuse-overlayfs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "target", "x");
      plantSymlink(root, "link", "target", { mtimeNs: 1_234_567_890_123_456_789n });
    });
    const base = s.baseFingerprint();
    s.edit((root) => lchownSync(`${root}/link`, 11, 12));
    const lines = s.differences();
    if (lines.length === 1 && lines[0]?.startsWith("link: mtime")) return "mtime-now";
    await expectKept(t, s, base);
    return;
  },
};

export const chmodNodes: Check = {
  id: "CU19",
  title: "chmod of lower devices, fifo and socket keeps type and number, and the device works",
  cites: ["overlayfs.rst, Non-directories", "unionmount-testsuite", "measured on 6.18"],
  needs: ["root"],
  deviations: { "device-unusable": "opening the device through the mount fails (fuse-overlayfs: EIO)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantNode(root, "null", "char", { major: 1, minor: 3 });
      plantNode(root, "loop", "block", { major: 7, minor: 250 });
      plantNode(root, "wide", "char", { major: 511, minor: 70_000 });
      plantNode(root, "fifo", "fifo");
      plantNode(root, "socket", "socket");
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      for (const name of ["null", "loop", "wide", "fifo", "socket"]) chmodSync(`${root}/${name}`, 0o600);
    });
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
