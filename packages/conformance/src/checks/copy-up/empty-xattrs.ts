import { chmodSync, writeFileSync } from "node:fs";
import { getXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const emptyXattrsKept: Check = {
  id: "CU47",
  title: "copy-up keeps an xattr without a value, of a file and of the directory it is in",
  restsOn: ["xattrs"],
  cites: [
    "setxattr(2): a value may have no bytes",
    "fs/aufs/xattr.c, au_do_cpup_xattr: ends at a length of 0",
    "found by random programs (RD01)",
    "measured on 6.18, aufs on 6.1",
  ],
  deviations: { "empty-lost": "an attribute of no bytes is not copied; the others are (aufs)" },
  async run(t: Trial) {
    if (!t.directory.xattrs.user) t.skip(`${t.directory.filesystem} keeps no user xattrs here`);
    const xattrs = { "user.empty": "", "user.full": "value" };
    const s = await t.scenario((root) => {
      plantFile(root, "d/f", "x", { xattrs });
      plantDirectory(root, "d", { xattrs });
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      chmodSync(`${root}/d/f`, 0o600);
      writeFileSync(`${root}/d/new`, "x");
    });
    await s.remount();
    const empty = ["d", "d/f"].map((name) => getXattr(`${s.root}/${name}`, "user.empty")?.length ?? null);
    if (empty.every((length) => length === null)) {
      const full = ["d", "d/f"].map((name) => getXattr(`${s.root}/${name}`, "user.full")?.toString());
      t.equal(full, ["value", "value"], "the other attribute of the directory and of the file");
      t.equal(s.baseFingerprint(), base, "the base layer's own directory");
      return "empty-lost";
    }
    await expectKept(t, s, base);
    return undefined;
  },
};
