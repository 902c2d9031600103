import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type Compression, removeTree } from "@copyup/archive";
import { makeLarge } from "../../ground/large.ts";
import { packTree } from "../../ground/pack-tree.ts";
import type { Maker } from "../maker.ts";
import { weighedCommand } from "../weighed-command.ts";

const SIZES = [100_000_000, 1_000_000_000];
/** A peak is the same every time, or nearly so. */
const MOST_RUNS = 3;

export const commandMemory: Maker = {
  name: "command-memory",
  question: "How much memory does the command take for layers of 100 MB and of 1 GB?",
  long: true,
  roomBytes: () => 4 * Math.max(...SIZES),
  async *make(ground, { runs, command }) {
    const { dir, signal } = ground;
    const { apply, diff, keep, remove } = weighedCommand(ground, command);
    for (const at of SIZES) {
      const tree = path.join(dir, "memory-tree");
      const file = (compression: Compression) => path.join(dir, `memory.tar.${compression}`);
      const kinds: readonly Compression[] = ["none", "gzip", "zstd"];
      ground.say(`${this.name}: making ${at / 1e6} MB`);
      mkdirSync(tree);
      makeLarge(tree, { scale: at / 500_000_000, repeating: true });
      for (const kind of kinds) await packTree(tree, file(kind), kind, signal);
      await removeTree(tree);
      const kept = await keep(file("none"));
      const applies = kinds.map((kind) => apply(`layer apply, ${kind === "none" ? "plain" : kind}`, file(kind)));
      yield {
        name: `${this.name}-${at / 1e6}`,
        question: this.question,
        fairness: "The largest resident set of the process, Node and its libraries included.",
        runs: Math.min(runs, MOST_RUNS),
        asks: "peakBytes",
        growth: { curve: this.name, along: "bytes", at },
        contestants: [...applies, diff(kept)],
      };
      await remove(kept);
      for (const kind of kinds) rmSync(file(kind));
    }
  },
};
