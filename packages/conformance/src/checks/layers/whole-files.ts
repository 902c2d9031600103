import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported } from "../diff/layers.ts";

export const wholeAfterChmod: Check = {
  id: "LA19",
  title: "a lower file of which only the mode or the name changed is whole in the layer and in its archive",
  cites: [
    "overlayfs.rst, metadata only copy up: the upper file holds zeros, mount elsewhere gives EPERM (measured)",
    "xfstests overlay/060",
  ],
  async run(trial: Trial) {
    const content = Buffer.alloc(1024 * 1024, "content ");
    const s = await trial.scenario((root) => {
      for (const name of ["chmod", "rename"]) writeFileSync(path.join(root, name), content);
    });
    s.edit((root) => {
      chmodSync(path.join(root, "chmod"), 0o600);
      renameSync(path.join(root, "rename"), path.join(root, "renamed"));
    });
    s.compare();
    const archive = await exported(await trial.store(), s);
    for (let at = 0, files = 0; files < 2; files++) {
      const found = archive.indexOf(content, at);
      trial.ok(found >= 0, `the archive holds the content of both files, not of ${files}`);
      at = found + content.length;
    }
    const layer = s.layerDirectory();
    await s.commit();
    s.compare();
    for (const name of ["chmod", "renamed"]) {
      trial.ok(readFileSync(path.join(layer, name)).equals(content), `${name} is whole in the layer's own directory`);
    }
  },
};
