import { closeSync, ftruncateSync, lstatSync, openSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

/** How a file is cut, by its name in the tree. */
const CUTS: Readonly<Record<string, (path: string) => void>> = {
  "to-nothing": (path) => cutTo(path, 0),
  "to-its-size": (path) => cutTo(path, 10),
  "by-opening": (path) => writeFileSync(path, ""),
};

function cutTo(path: string, size: number): void {
  const fd = openSync(path, "r+");
  try {
    ftruncateSync(fd, size);
  } finally {
    closeSync(fd);
  }
}

export const cutTimes: Check = {
  id: "CU49",
  title: "ftruncate and O_TRUNC of a lower file set its modification time, whatever size it had",
  restsOn: ["times", "extents"],
  cites: [
    "fs/open.c, do_truncate: both ask for the times to be set",
    "found by RD02 on xfs and tmpfs",
    "measured on 6.18, aufs on 6.1",
  ],
  deviations: {
    "time-kept": "copied up only as far as it is to stay, the file has its size already and keeps its time (aufs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of Object.keys(CUTS)) plantFile(root, name, "0123456789");
    });
    const told = s.observe((root) =>
      Object.entries(CUTS).map(([name, cut]) => {
        const { mtimeMs } = lstatSync(`${root}/${name}`);
        cut(`${root}/${name}`);
        return `${name}: ${lstatSync(`${root}/${name}`).mtimeMs === mtimeMs ? "kept" : "set"}`;
      }),
    );
    const set = Object.keys(CUTS).map((name) => `${name}: set`);
    t.equal(told.model, set, "in the plain directory");
    await s.remount();
    s.compare({ except: Object.keys(CUTS) });
    t.equal(lstatSync(`${s.root}/to-nothing`).size, 0, "size of the file cut to nothing");
    return told.mount.toString() === set.toString() ? undefined : "time-kept";
  },
};
