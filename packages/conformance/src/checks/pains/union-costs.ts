import { execFileSync } from "node:child_process";
import { closeSync, lchownSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import { plantFile, plantLink } from "../../tree/plant.ts";
import { declares } from "../../trial/declared.ts";
import { declaredOutcome } from "../../trial/declared-outcome.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, viewing } from "../diff/layers.ts";
import { readTree as namedTree } from "../diff/read-tree.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

const MIB = 2 ** 20;

export const renamedDirectory: Check = {
  id: "PN11",
  title: "a parent's directory is renamed as the profile says (done, or EXDEV and then mv), and exports alike",
  restsOn: ["rename"],
  cites: [
    "moby#25409: EXDEV where plain directories can be renamed",
    "buildkit#2490: redirect_dir, and a native diff that loses the directory",
    "WH06, DA10",
  ],
  needs: ["tool:mv"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["old/s/f=1", "old/g=2", "other=3"]));
    const seen = s.observe((root) => renameSync(path.join(root, "old"), path.join(root, "new")));
    const answer = seen.mount === undefined ? null : seen.mount.errno;
    const declared = declaredOutcome(trial, "WH06");
    trial.equal(
      answer,
      declared === "EXDEV-unless-empty" ? "EXDEV" : declared,
      "what rename says, beside what the profile declares",
    );
    if (answer !== null) execFileSync("mv", [path.join(s.root, "old"), path.join(s.root, "new")], { stdio: "pipe" });
    const layer = await s.commit();
    const after = ["new/g=2", "new/s/f=1", "other=3"];
    const store = await trial.store();
    trial.equal(await viewing(store, layer, readTree), after, "the view");
    // In a fresh store there is nothing left that a redirect could point to.
    const fresh = await trial.openStore("fresh");
    const { layer: base } = await fresh.apply([await exported(store, s.base)], { durability: "none" });
    const moved = await fresh.apply([await exported(store, layer)], { parent: base.id, durability: "none" });
    trial.equal(await viewing(fresh, moved.layer, readTree), after, "the view of its archive, applied elsewhere");
  },
};

export const chownCost: Check = {
  id: "PN12",
  title: "what `chown -R` of a parent's files costs in space",
  restsOn: ["extents"],
  cites: [
    "docker/for-linux#388: chown doubles the image",
    "containerd#6310: chown for a user namespace copies everything",
    "CU17 for chmod",
  ],
  deviations: { "copies-data": "the layer grows by the size of every file whose owner changes" },
  needs: ["ids"],
  async run(trial: Trial) {
    const size = 8 * MIB;
    const s = await trial.scenario((root) => {
      plantFile(root, "big", Buffer.alloc(size, "x"));
      for (let k = 0; k < 32; k++) plantFile(root, `small/f${k}`, Buffer.alloc(64 * 1024, k + 1));
    });
    const store = await trial.store();
    const all = size + 32 * 64 * 1024;
    const before = (await store.usage(s.id)).bytes;
    const began = performance.now();
    s.edit((root) => {
      for (const name of ["big", "small", ...Array.from({ length: 32 }, (_, k) => `small/f${k}`)])
        lchownSync(path.join(root, name), 1000, 1000);
    });
    const ms = performance.now() - began;
    const grown = (await store.usage(s.id)).bytes - before;
    trial.attach("what chown cost", `${grown} bytes for files of ${all} bytes, ${ms.toFixed(1)} ms (model and mount)`);
    s.compare();
    if (grown < MIB) return undefined;
    trial.ok(grown >= all && grown < all * 1.1, `the layer grew by ${grown} bytes for files of ${all}: each once`);
    return "copies-data";
  },
};

export const staleDescriptors: Check = {
  id: "PN15",
  title: "a reader's descriptor and a hard link after another process wrote: as the profile says, and exported so",
  cites: ["moby#31587: tail does not see what is written", "moby#5632: a hard link split by the copy-up", "CU07, CU13"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => {
      plantFile(root, "log", "old\n");
      plantLink(root, "log", "log.link");
    });
    const reader = openSync(path.join(s.root, "log"), "r");
    try {
      const buffer = Buffer.alloc(64);
      readSync(reader, buffer, 0, 64, 0);
      const writer = openSync(path.join(s.root, "log"), "a");
      writeSync(writer, "new\n");
      closeSync(writer);
      const seen = buffer.toString("utf8", 0, readSync(reader, buffer, 0, 64, 0));
      const expected = declaredOutcome(trial, "CU13") === null ? "old\nnew\n" : "old\n";
      trial.equal(seen, expected, "what the reader sees");
    } finally {
      closeSync(reader);
    }
    const store = await trial.store();
    const layer = await s.commit();
    const view = await viewing(store, layer, namedTree);
    const split = view.get("log.link")?.firstName !== "log";
    // In mounts it is one file, in the layer it is not (fuse-overlayfs): then the export is what a split link gives.
    const onlyInMounts = declares(trial, "CU07", "in-mounts-only");
    trial.equal(split, declaredOutcome(trial, "CU07") !== null && !onlyInMounts, "the link is split");
    if (!onlyInMounts)
      trial.equal(view.get("log.link")?.text, split ? "old\n" : "old\nnew\n", "what its other name holds");
    // Split or not: an export says what the view shows, and another store shows the same.
    const fresh = await trial.openStore("fresh");
    const { layer: base } = await fresh.apply([await exported(store, s.base)], { durability: "none", lossy: true });
    const { layer: top } = await fresh.apply([await exported(store, layer)], {
      parent: base.id,
      durability: "none",
      lossy: true,
    });
    const there = await viewing(fresh, top, namedTree);
    if (onlyInMounts) {
      const texts = ["log", "log.link"].map((name) => there.get(name)?.text);
      // It may have written the bytes under the other name.
      trial.equal(texts.sort(), ["old\n", "old\nnew\n"], "the two names in another store");
      return;
    }
    for (const name of ["log", "log.link"])
      trial.equal(
        [there.get(name)?.text, there.get(name)?.firstName],
        [view.get(name)?.text, view.get(name)?.firstName],
        `${name} in another store`,
      );
  },
};
