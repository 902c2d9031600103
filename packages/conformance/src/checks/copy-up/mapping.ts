import { closeSync, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { libc, SystemError } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

const PROT_READ = 1;
const MAP_SHARED = 1;

/** Maps a file for reading, runs `between`, and gives the mapping's first bytes as they are then. */
function mappedBytes(path: string, length: number, copyTo: string, between: () => void): string {
  const fd = openSync(path, "r");
  const size = fstatSync(fd).size;
  const address = libc.mmap(0, size, PROT_READ, MAP_SHARED, fd, 0);
  closeSync(fd);
  if (address < 0) throw new SystemError("mmap", -address, path);
  const out = openSync(copyTo, "w");
  try {
    // The first write faults the page in.
    libc.write(out, address, length);
    between();
    libc.pwrite(out, address, length, 0);
    return readFileSync(copyTo, "latin1");
  } finally {
    closeSync(out);
    libc.munmap(address, size);
  }
}

export const mappingSeesWriter: Check = {
  id: "CU14",
  title: "a shared mapping made before the copy-up sees what is written afterwards",
  cites: ["overlayfs.rst, Non-standard behavior (b)", "xfstests overlay/061", "measured on 6.18"],
  deviations: { "mapping-keeps-old": "the mapping stays on the lower file's pages" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "old content"));
    const seen = s.observe((root) =>
      mappedBytes(`${root}/f`, 3, `${t.scratch}/mapped`, () => {
        const fd = openSync(`${root}/f`, "r+");
        writeSync(fd, "NEW", 0);
        closeSync(fd);
      }),
    );
    s.compare();
    t.equal(seen.model, "NEW", "the model's mapping");
    if (seen.mount === "old") return "mapping-keeps-old";
    t.equal(seen.mount, "NEW", "the mapping");
    return;
  },
};
