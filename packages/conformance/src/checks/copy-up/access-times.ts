import { lstatSync, readFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

export const readUpdatesAtime: Check = {
  id: "CU41",
  title: "reading a lower file updates its access time",
  restsOn: ["times"],
  cites: ["overlayfs.rst, Non-standard behavior (a)", "measured on 6.18"],
  deviations: { "atime-frozen": "a read of a lower file leaves its access time" },
  async run(t: Trial) {
    const old = 1_000_000_000_000_000_000n;
    const s = await t.scenario((root) => plantFile(root, "f", "x", { atimeNs: old, mtimeNs: old + 1n }));
    const updated = (root: string) => {
      const atime = () => lstatSync(`${root}/f`, { bigint: true }).atimeNs;
      const before = atime();
      readFileSync(`${root}/f`);
      return atime() !== before;
    };
    if (!updated(s.model)) t.skip(`${t.directory.filesystem} is mounted without access times`);
    return updated(s.root) ? undefined : "atime-frozen";
  },
};
