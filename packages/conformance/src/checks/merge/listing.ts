import { readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { AT_FDCWD, libc, lstatAt, S_IFMT, SEEK_SET } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import { plantFile, plantNode, plantSymlink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { nextEntries, remainingEntries, withDirectory } from "./directory-entries.ts";

export const entriesMatchStat: Check = {
  id: "ME03",
  title: "readdir gives the type and the inode number that lstat gives, for lower and changed names",
  restsOn: ["listing", "inodes"],
  cites: ["overlayfs.rst, Inode properties", "measured on 6.18"],
  deviations: { "d-ino-differs": "readdir's inode number is not lstat's" },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["file", "changed", "dir/in-it"]) plantFile(root, name);
      plantSymlink(root, "link", "file");
      plantNode(root, "fifo", "fifo");
      plantNode(root, "socket", "socket");
      if (t.host.fullRoot) plantNode(root, "char", "char", { major: 1, minor: 3 });
    });
    s.edit((root) => {
      writeFileSync(`${root}/changed`, "copied up");
      writeFileSync(`${root}/dir/new`, "merged");
    });
    let same = true;
    for (const directory of [s.root, `${s.root}/dir`]) {
      for (const entry of withDirectory(directory, remainingEntries)) {
        const stat = lstatAt(AT_FDCWD, `${directory}/${entry.name}`);
        t.equal(entry.dType, (stat.mode & S_IFMT) >> 12, `d_type of ${entry.name}`);
        if (entry.ino !== (BigInt(stat.inoHigh) << 32n) + BigInt(stat.inoLow)) same = false;
      }
    }
    return same ? undefined : "d-ino-differs";
  },
};

/** Enough for a dozen of the buffers they are read with, and for several blocks of a directory on disk. */
const MANY = 700;

export const deleteWhileListing: Check = {
  id: "ME05",
  title: `${MANY.toLocaleString("en")} names deleted while they are listed are each seen once, and the directory is empty then`,
  restsOn: ["listing"],
  cites: ["readdir(3)", "measured on 6.18"],
  async run(t: Trial) {
    const name = (index: number) => `a-longer-name-to-need-several-buffers-${index}`;
    const s = await t.scenario((root) => {
      for (let index = 0; index < MANY; index++) plantFile(root, `d/${name(index)}`, "");
    });
    const seen = s.edit((root) =>
      withDirectory(`${root}/d`, (fd) => {
        const names: string[] = [];
        for (let entries = nextEntries(fd); entries !== null; entries = nextEntries(fd)) {
          for (const entry of entries) {
            names.push(entry.name);
            unlinkSync(`${root}/d/${entry.name}`);
          }
        }
        return names.sort();
      }),
    );
    t.equal(seen.length, MANY, "names seen");
    t.equal(new Set(seen).size, MANY, "different names seen");
    t.equal(readdirSync(`${s.root}/d`), [], "names left");
    await s.remount();
    s.compare();
  },
};

export const rewindShowsChanges: Check = {
  id: "ME06",
  title: "an open directory that is rewound shows what was created and not what was deleted",
  restsOn: ["listing"],
  cites: ["rewinddir(3)", "xfstests overlay/077", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["d/deleted", "d/kept"]) plantFile(root, name);
    });
    const seen = s.edit((root) =>
      withDirectory(`${root}/d`, (fd) => {
        const names = () =>
          remainingEntries(fd)
            .map((entry) => entry.name)
            .sort();
        const first = names();
        writeFileSync(`${root}/d/created`, "");
        unlinkSync(`${root}/d/deleted`);
        libc.lseek(fd, 0, SEEK_SET);
        return [first, names()];
      }),
    );
    t.equal(
      seen,
      [
        ["deleted", "kept"],
        ["created", "kept"],
      ],
      "names before and after",
    );
    s.compare();
  },
};

const SMALL = 400;
const LARGE = 4000;
/** How much dearer a name may be in the large directory than in the small one. Where listing is quadratic it is ten times. */
const DEARER = 4;

export const largeDirectory: Check = {
  id: "ME13",
  title: `a directory of ${LARGE.toLocaleString("en")} lower names is listed whole, merged with one new name, at no more a name than a small one`,
  restsOn: ["listing"],
  cites: ["measured on 6.18: 20,000 names in 9 ms cold"],
  async run(t: Trial) {
    const store = await t.store();
    const names = (directory: string, count: number) => Array.from({ length: count }, (_, k) => `${directory}/${k}`);
    const specs = [...names("large", LARGE), ...names("small", SMALL)];
    const { layer } = await store.apply([tarOf(...specs)], { durability: "none" });
    const { id } = await store.prepare({ parent: layer.id });
    await using mount = await store.mount(id);
    for (const directory of ["large", "small"]) writeFileSync(`${mount.path}/${directory}/new`, "");
    t.equal(new Set(readdirSync(`${mount.path}/large`)).size, LARGE + 1, "different names");
    const [small, large] = [SMALL, LARGE].map((count) => {
      const directory = `${mount.path}/${count === SMALL ? "small" : "large"}`;
      return leastCpuMsOf(() => t.equal(readdirSync(directory).length, count + 1, "names"));
    }) as [number, number];
    // Of the same union on the same processor, so that a slow or emulated one is no failure: what counts is how it grows.
    t.ok(
      large < DEARER * (LARGE / SMALL) * (small + NOISE_MS),
      `${LARGE} names listed in ${large} ms of CPU time, ${SMALL} in ${small} ms`,
    );
  },
};

/** A twentieth of what it takes to list the small directory in an emulated guest. */
const NOISE_MS = 0.1;

/** CPU time, because the wall clock also counts what other processes do; of several times the least, without the garbage's. */
function leastCpuMsOf(act: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
