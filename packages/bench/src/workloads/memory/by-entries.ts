import { closeSync, linkSync, mkdirSync, openSync, rmSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { packTree } from "../../ground/pack-tree.ts";
import type { Maker } from "../maker.ts";
import { weighedCommand } from "../weighed-command.ts";

/** From the first on, the young generation of the heap is as large as it gets: below, its growth is taken for the entries'. */
const ENTRIES = [100_000, 400_000];
/** A peak is the same every time, or nearly so. */
const MOST_RUNS = 1;
/** A directory's block and inode, or two names. */
const ENTRY_BYTES = 4608;
/** The tree, then the layer that is kept and the one that a run makes. */
const TREES = 3;
const NAME_BYTES = 20;

const named = (index: number) => String(index).padStart(NAME_BYTES, "0");
const touch = (file: string) => closeSync(openSync(file, "wx", 0o644));

/** What a walk over a tree has to remember until it has seen all of it. */
export const memoryByDirectories = weighing("directories", (root, count) => {
  for (let index = 0; index < count; index++) mkdirSync(path.join(root, named(index)));
});

/** Few, because a directory's names are sorted: that is another question. */
const NAMES_A_DIRECTORY = 1000;

/** All first names come before all second ones, so every group is open at once. */
export const memoryByLinks = weighing("link groups", (root, count) => {
  for (let index = 0; index < count; index++) {
    const directory = named(Math.floor(index / NAMES_A_DIRECTORY));
    const [first, second] = ["first", "second"].map((name) => path.join(root, name, directory)) as [string, string];
    if (index % NAMES_A_DIRECTORY === 0) for (const one of [first, second]) mkdirSync(one, { recursive: true });
    touch(path.join(first, named(index)));
    linkSync(path.join(first, named(index)), path.join(second, named(index)));
  }
});

/** One directory's names are sorted before they are told. */
export const memoryByNames = weighing("names", (root, count) => {
  for (let index = 0; index < count; index++) touch(path.join(root, named(index)));
});

function weighing(what: "directories" | "link groups" | "names", make: (root: string, count: number) => void): Maker {
  const name = `memory-by-${what.replace("link groups", "links")}`;
  return {
    name,
    question: `How does the command's memory grow with the ${what} of a layer${what === "names" ? "'s one directory" : ""}?`,
    long: true,
    roomBytes: () => TREES * Math.max(...ENTRIES) * ENTRY_BYTES,
    async *make(ground, { runs, command }) {
      const { dir, signal } = ground;
      const { apply, diff, keep, remove } = weighedCommand(ground, command);
      for (const at of ENTRIES) {
        const tree = path.join(dir, name);
        const file = path.join(dir, `${name}.tar`);
        ground.say(`${name}: making ${at} ${what}`);
        mkdirSync(tree);
        make(tree, at);
        await packTree(tree, file, "none", signal);
        await removeTree(tree);
        const kept = await keep(file);
        yield {
          name: `${name}-${at}`,
          question: this.question,
          fairness: "The largest resident set of the process, Node and its libraries included; names of 20 bytes.",
          runs: Math.min(runs, MOST_RUNS),
          asks: "peakBytes",
          growth: { curve: name, along: "entries", at },
          contestants: [apply("layer apply", file), diff(kept)],
        };
        await remove(kept);
        rmSync(file);
      }
    },
  };
}
