import { chmodSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import { withUmask } from "../../trial/as-user.ts";
import type { Scenario } from "../../trial/scenario.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

const PARENT_TIMES = {
  "parent-times": "a directory's mtime becomes that of the copy-up of something in it (aufs, fuse-overlayfs)",
};

/** Equal but for directory times, or equal. */
function parentTimes(s: Scenario): "parent-times" | undefined {
  s.compare({ ignoreDirectoryTimes: true });
  return s.differences({ exactDirectoryTimes: true }).length === 0 ? undefined : "parent-times";
}

export const parentsKept: Check = {
  id: "CU18",
  title: "copy-up of a deep file keeps mode, owner, xattrs and time of the directories above it",
  restsOn: ["xattrs", "times"],
  cites: ["layers.md 3 (measured at three depths)", "measured on 6.18"],
  needs: ["root"],
  deviations: {
    ...PARENT_TIMES,
    "parent-times-setgid-lost": "that, and the copy of a directory has lost set-group-id (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "x/y/z/f", "old");
      plantDirectory(root, "x/y/z", { mode: 0o1777, uid: 3, gid: 4, mtimeNs: 1_000_000_001n });
      plantDirectory(root, "x/y", { mode: 0o2750, xattrs: { "trusted.y": "1" }, mtimeNs: 1_000_000_002n });
      plantDirectory(root, "x", { mode: 0o711, uid: 5, mtimeNs: 1_000_000_003n });
    });
    const base = s.baseFingerprint();
    s.edit((root) => writeFileSync(`${root}/x/y/z/f`, "new"));
    const setgidLost = (lstatSync(`${s.root}/x/y`).mode & 0o7777) === 0o750;
    if (setgidLost) chmodSync(`${s.root}/x/y`, 0o2750);
    const deviation = parentTimes(s);
    if (deviation === undefined) await expectKept(t, s, base);
    await s.commit();
    t.equal(s.baseFingerprint(), base, "the base layer's own directory");
    const times = parentTimes(s) ?? deviation;
    return setgidLost ? `${times ?? "only"}-setgid-lost` : times;
  },
};

export const umaskOfTheProcess: Check = {
  id: "CU21",
  title: "the process's umask changes no mode that copy-up or the driver sets",
  cites: ["xfstests overlay/008", "catalogue SE06", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "x/y/f", "old", { mode: 0o666 });
      plantDirectory(root, "x/y", { mode: 0o777 });
      plantDirectory(root, "x", { mode: 0o755 });
    });
    const base = s.baseFingerprint();
    s.edit((root) =>
      withUmask(0o077, () => {
        writeFileSync(`${root}/x/y/f`, "new");
        mkdirSync(`${root}/x/y/private`);
      }),
    );
    await expectKept(t, s, base);
    const before = process.umask(0o077);
    try {
      await s.commit();
    } finally {
      process.umask(before);
    }
    s.compare();
    s.edit((root) => writeFileSync(`${root}/x/y/f`, "newer"));
    await expectKept(t, s, base);
  },
};

export const rootTime: Check = {
  id: "CU39",
  title: "copy-up of a file in the root keeps the root's time, a new file changes it",
  restsOn: ["times"],
  cites: ["layers.md 3", "measured on 6.18"],
  deviations: PARENT_TIMES,
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "old"));
    s.edit((root) => writeFileSync(`${root}/f`, "new"));
    const deviation = parentTimes(s);
    s.edit((root) => writeFileSync(`${root}/g`, "new"));
    return deviation ?? parentTimes(s);
  },
};
