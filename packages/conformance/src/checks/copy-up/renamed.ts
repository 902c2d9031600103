import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { getXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const renameLowerFile: Check = {
  id: "CU35",
  title: "a renamed lower file keeps its time and is gone from its old name",
  restsOn: ["rename", "times"],
  cites: ["overlayfs.rst, renaming", "unionmount-testsuite rename-file.py", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/old", "x", { mtimeNs: 1_234_567_890_000_000_001n }));
    const base = s.baseFingerprint();
    s.edit((root) => renameSync(`${root}/d/old`, `${root}/d/new`));
    await expectKept(t, s, base);
    t.equal(readdirSync(`${s.root}/d`), ["new"], "names");
    await s.commit();
    s.compare();
  },
};

export const opaqueNotCopied: Check = {
  id: "CU43",
  title: "copy-up of a directory that a lower layer replaced hides nothing of that layer",
  cites: ["xfstests overlay/014", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/first", "1"));
    s.edit((root) => {
      rmSync(`${root}/d`, { recursive: true });
      mkdirSync(`${root}/d`);
      writeFileSync(`${root}/d/second`, "2");
    });
    await s.commit();
    s.edit((root) => writeFileSync(`${root}/d/third`, "3"));
    const store = await t.store();
    if (store.access(await store.get(s.id)).kind === "upper") {
      const marks = ["trusted.overlay.opaque", "user.overlay.opaque"].map((name) =>
        getXattr(`${s.layerDirectory()}/d`, name)?.toString(),
      );
      t.ok(!marks.includes("y"), "the copied-up directory is not opaque itself");
    }
    await s.commit();
    s.compare();
    t.equal(readdirSync(`${s.root}/d`).sort(), ["second", "third"], "names in the directory");
  },
};
