import { mkdirSync } from "node:fs";
import path from "node:path";
import { AT_FDCWD, RENAME_EXCHANGE, renameAt } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Scenario } from "../../trial/scenario.ts";
import type { Trial } from "../../trial/trial.ts";
import { readTree, writeTree } from "./tree-specs.ts";

const LOWER = ["empty/", "lower/s/f=1", "lower/g=2", "merged/a=3", "file=4"];

/** Each of a directory with content as first and as second name; `below`: what it has in the lower layer. */
const EXCHANGES: readonly { from: string; to: string; below: RegExp }[] = [
  { from: "lower", to: "new", below: /(f=1|g=2)$/ },
  { from: "new", to: "lower", below: /(f=1|g=2)$/ },
  { from: "empty", to: "lower", below: /(f=1|g=2)$/ },
  { from: "merged", to: "file", below: /a=3$/ },
  { from: "file", to: "merged", below: /a=3$/ },
];

export const exchangeDirectories: Check = {
  id: "WH35",
  restsOn: ["rename"],
  title: "a lower directory with content is exchanged with another name, in either order: nothing in it is lost",
  cites: [
    "rename(2), RENAME_EXCHANGE",
    "overlayfs.rst, renaming directories: EXDEV",
    "aufs looks for content below the first name only (fs/aufs/i_op_ren.c, au_ren_may_dir; measured on 6.1)",
    "found by random programs (RD03)",
  ],
  deviations: {
    EXDEV: "refused in either order, and everything stays where it was",
    "second-loses-content":
      "as the first name it is refused with EXDEV; as the second it is exchanged with another directory, and what it had in lower layers is gone; with a lower file as the first ENOTDIR (aufs)",
    "lost-to-a-file":
      "EXDEV, except where a file is the first name: that is exchanged, and what the directory had in lower layers is gone (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const answers: string[] = [];
    for (const exchange of EXCHANGES) answers.push(await answerOf(trial, exchange));
    const told = answers.join(" ");
    if (told === "done done done done done") return undefined;
    if (told === "EXDEV EXDEV EXDEV EXDEV EXDEV") return "EXDEV";
    if (told === "EXDEV EXDEV EXDEV EXDEV lost") return "lost-to-a-file";
    trial.equal(told, "EXDEV lost lost EXDEV ENOTDIR", "exchanges with the directory as first and as second name");
    return "second-loses-content";
  },
};

async function answerOf(trial: Trial, { from, to, below }: (typeof EXCHANGES)[number]): Promise<string> {
  const s = await trial.scenario((root) => writeTree(root, LOWER));
  const base = s.baseFingerprint();
  s.edit((root) => {
    writeTree(root, ["merged/b=5"]);
    mkdirSync(path.join(root, "new"));
  });
  const before = readTree(s.root);
  const seen = s.observe((root) =>
    trial.errno(() => renameAt(AT_FDCWD, path.join(root, from), AT_FDCWD, path.join(root, to), RENAME_EXCHANGE)),
  );
  trial.equal(seen.model, null, `exchange of ${from} and ${to} in a plain directory`);
  // Where something is lost the mount may not agree with itself until then.
  await s.remount();
  trial.equal(s.baseFingerprint(), base, "the base layer on disk");
  if (seen.mount === null) return tellDone(trial, s, below);
  trial.equal(readTree(s.root), before, `the tree after the exchange of ${from} and ${to} was refused`);
  return String(seen.mount);
}

function tellDone(trial: Trial, s: Scenario, below: RegExp): "done" | "lost" {
  const now = readTree(s.root);
  if (now.some((line) => below.test(line))) {
    s.compare({ ignoreDirectoryTimes: true });
    return "done";
  }
  const others = (tree: readonly string[]) => tree.filter((line) => line.includes("=") && !below.test(line));
  trial.equal(others(now), others(readTree(s.model)), "everything else");
  return "lost";
}
