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

/** Enough for fifty buffers of the kernel. */
const MANY = 2500;

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

const LARGE = 20_000;

export const largeDirectory: Check = {
  id: "ME13",
  title: `a directory of ${LARGE.toLocaleString("en")} lower names is listed whole, merged with one new name`,
  restsOn: ["listing"],
  cites: ["measured on 6.18: 20,000 names in 9 ms cold"],
  async run(t: Trial) {
    const store = await t.store();
    const names = Array.from({ length: LARGE }, (_, index) => `d/${index}`);
    const { layer } = await store.apply([tarOf(...names)], { durability: "none" });
    const { id } = await store.prepare({ parent: layer.id });
    await using mount = await store.mount(id);
    writeFileSync(`${mount.path}/d/new`, "");
    const plain = `${store.access(layer).dir}/d`;
    const alone = cpuMsOf(() => readdirSync(plain));
    const merged = cpuMsOf(() => t.equal(readdirSync(`${mount.path}/d`).length, LARGE + 1, "names"));
    // A listing that is quadratic (from 1 s here), or stats each name in each layer, would be found; a busy or slow machine is not one.
    // aufs in an emulated guest took 27 times as long as the plain directory.
    t.ok(merged < 500 + 40 * alone, `listed in ${merged} ms of CPU time, a plain directory in ${alone} ms`);
  },
};

/** CPU time, because the wall clock also counts what other processes do. */
function cpuMsOf(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
