import { chmodSync, closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile, plantLink, plantNode } from "../../tree/plant.ts";
import { declares } from "../../trial/declared.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const writtenNameUnlinked: Check = {
  id: "CU46",
  restsOn: ["inodes"],
  title:
    "one of two names of a lower file is written and then deleted: the other has what was written, also afterwards",
  cites: [
    "overlayfs.rst, inode index",
    "aufs: the other name is a pseudo-link of link count 1, good until the unmount (measured on 6.1)",
    "found by random programs (RD02)",
  ],
  deviations: {
    "link-broken": "as CU07: the written name was a file of its own; the other keeps the old bytes",
    "until-unmount": "the other name shows the new bytes until the unmount, then the old ones",
  },
  async run(t: Trial) {
    const fifo = !declares(t, "CU19", "nodes-become-files");
    const s = await t.scenario((root) => {
      plantFile(root, "d/written", "old content");
      plantLink(root, "d/written", "kept");
      if (!fifo) return;
      plantNode(root, "d/fifo", "fifo");
      plantLink(root, "d/fifo", "kept-fifo");
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      const fd = openSync(`${root}/d/written`, "r+");
      writeSync(fd, "NEW", 0);
      closeSync(fd);
      unlinkSync(`${root}/d/written`);
      if (!fifo) return;
      chmodSync(`${root}/d/fifo`, 0o600);
      unlinkSync(`${root}/d/fifo`);
    });
    const kept = () => readFileSync(`${s.root}/kept`, "latin1");
    const before = kept();
    await s.remount();
    if (kept() === "old content") {
      s.compare({ except: ["kept", "kept-fifo"] });
      t.equal(s.baseFingerprint(), base, "the base layer's own directory");
      return before === "NEW content" ? "until-unmount" : "link-broken";
    }
    await expectKept(t, s, base);
    await s.commit();
    s.compare();
    return;
  },
};
