import { closeSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { libc, SEEK_DATA } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import { declares } from "../../trial/declared.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

const MIB = 1 << 20;

/** A file of holes with 4 KiB of data at `dataAt`. */
function plantSparse(root: string, name: string, size: number, dataAt: number): void {
  plantFile(root, name, "");
  const fd = openSync(`${root}/${name}`, "r+");
  ftruncateSync(fd, size);
  writeSync(fd, Buffer.alloc(4096, "data"), 0, 4096, dataAt);
  closeSync(fd);
}

/** Of the clock: a copy-up may be done by a thread of the kernel. */
function milliseconds(act: () => void): number {
  const before = performance.now();
  act();
  return performance.now() - before;
}

function readWhole(path: string): void {
  const buffer = Buffer.alloc(MIB);
  const fd = openSync(path, "r");
  while (readSync(fd, buffer) > 0);
  closeSync(fd);
}

export const sparseCopyUp: Check = {
  id: "CU11",
  title: "copy-up of a 64 MiB sparse file keeps it sparse",
  restsOn: ["extents"],
  cites: ["xfstests overlay/066", "measured on 6.18"],
  deviations: {
    "coarse-holes": "a piece of data is copied with up to 1 MiB of the hole behind it",
    filled: "all of the file is allocated (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantSparse(root, "f", 64 * MIB, MIB));
    const base = s.baseFingerprint();
    s.edit((root) => {
      const fd = openSync(`${root}/f`, "r+");
      writeSync(fd, "!", MIB);
      closeSync(fd);
    });
    await expectKept(t, s, base);
    const extra = 512 * (statSync(`${s.root}/f`).blocks - statSync(`${s.model}/f`).blocks);
    // A filesystem rounds to its own blocks and may keep some preallocated.
    if (extra <= 128 * 1024) return;
    return extra <= 4 * MIB ? "coarse-holes" : "filled";
  },
};

export const largeSparseFile: Check = {
  id: "CU12",
  title: "a byte written at the start of a 5 GiB sparse lower file leaves size and tail right",
  restsOn: ["extents"],
  cites: ["xfstests overlay/001 (O_LARGEFILE)", "measured on 6.18"],
  deviations: {
    filled: "the copy allocates all of it (CU11), so that 64 MiB are tried here and not 5 GiB",
    "holes-not-told":
      "SEEK_DATA tells no holes through the mount, so that all of it would be read: 64 MiB are tried here and not 5 GiB",
    "holes-read":
      "the copy takes as long as reading every byte of the holes, so that 64 MiB are tried here and not 5 GiB (aufs)",
  },
  async run(t: Trial) {
    const filled = declares(t, "CU11", "filled");
    const notTold = declares(t, "CU12", "holes-not-told");
    const holesRead = declares(t, "CU12", "holes-read");
    const size = filled || notTold || holesRead ? 64 * MIB : 5 * 1024 * MIB;
    const s = await t.scenario((root) => plantSparse(root, "f", size, size - 4096));
    const base = s.baseFingerprint();
    let copying = 0;
    s.edit((root) => {
      copying = milliseconds(() => {
        const fd = openSync(`${root}/f`, "r+");
        writeSync(fd, "!", 0);
        closeSync(fd);
      });
    });
    t.equal(statSync(`${s.root}/f`).size, size, "size");
    const tail = Buffer.alloc(4);
    const fd = openSync(`${s.root}/f`, "r");
    readSync(fd, tail, 0, 4, size - 4);
    const told = libc.lseek(fd, MIB, SEEK_DATA) > MIB;
    closeSync(fd);
    t.equal(tail.toString(), "data", "the last bytes");
    await expectKept(t, s, base);
    if (filled && statSync(`${s.layerDirectory()}/f`).blocks * 512 >= size) return "filled";
    if (notTold && !told) return "holes-not-told";
    // Without holes that are read it is next to nothing.
    return holesRead && copying > milliseconds(() => readWhole(`${s.model}/f`)) / 4 ? "holes-read" : undefined;
  },
};
