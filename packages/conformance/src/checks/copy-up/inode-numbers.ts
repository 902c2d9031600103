import { chmodSync, lstatSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

export const inodeNumbersStable: Check = {
  id: "CU25",
  title: "inode and device numbers stay over copy-up and remount",
  restsOn: ["inodes"],
  cites: ["overlayfs.rst, Inode properties", "xfstests overlay/017, overlay/043", "measured on 6.18"],
  deviations: {
    "changes-on-copy-up": "a copied-up name gets other numbers",
    "changes-on-remount": "stable over copy-up, not over a remount",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/f", "x"));
    const numbers = () =>
      ["d", "d/f"].map((name) => {
        const { ino, dev } = lstatSync(`${s.root}/${name}`, { bigint: true });
        return { ino, dev };
      });
    const inodes = () => numbers().map(({ ino }) => ino);
    const before = numbers();
    s.edit((root) => {
      writeFileSync(`${root}/d/f`, "new");
      chmodSync(`${root}/d`, 0o700);
    });
    if (!isDeepStrictEqual(numbers(), before)) return "changes-on-copy-up";
    const copied = inodes();
    await s.remount();
    // The device number of a mount is given out anew with each mount; the inode number is the file's.
    return inodes().every((ino, index) => ino === copied[index]) ? undefined : "changes-on-remount";
  },
};
