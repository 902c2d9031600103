import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile, plantLink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, sha256Of } from "./layers.ts";

/** DA20 */
export const mountedAndAfterwards: Check = {
  id: "DA20",
  title:
    "What changes and diff say of a mounted layer they say after its unmount, also of hard links written through one name",
  restsOn: ["inodes"],
  cites: [
    "core driver.ts: a mounted layer can be exported",
    "aufs keeps other names of a written file as notes, good until the unmount (measured on 6.1)",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => {
      plantFile(root, "a", "old content");
      plantLink(root, "a", "b");
      plantLink(root, "a", "d/c");
      plantFile(root, "d/deleted", "x");
      plantFile(root, "d/renamed", "y");
    });
    const store = await trial.store();
    s.edit((root) => {
      writeFileSync(`${root}/a`, "new", { flag: "r+" });
      rmSync(`${root}/d/deleted`);
      renameSync(`${root}/d/renamed`, `${root}/name`);
    });
    const changes = await changeList(store, s);
    const digest = sha256Of(await exported(store, s));
    await s.remount();
    trial.equal(await changeList(store, s), changes, "changes after the unmount");
    trial.equal(sha256Of(await exported(store, s)), digest, "digest of the diff after the unmount");
  },
};
