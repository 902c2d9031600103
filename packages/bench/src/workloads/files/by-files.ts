import { snapshotTree } from "@copyup/conformance";
import type { Ground, PlantedTree } from "../../ground/ground.ts";
import { once } from "../../ground/once.ts";
import { treesOf } from "../../ground/stand.ts";
import { NO_GUESTS } from "../../peers/guests.ts";
import { type Maker, TREE_BYTES } from "../maker.ts";

/** Entries of a tree of scale 1. */
const ENTRIES = 22_000;
/** Of the tree that there are at a time: itself, its tar, a layer in each store, edited and worked-on copies. */
const TREES = 8;

/** The same question, put to trees of every size. */
export function byFiles(maker: Maker): Maker {
  const name = `${maker.name}-by-files`;
  const question = maker.question.replace(/\?$/, ", by how many files there are?");
  return {
    name,
    question,
    long: true,
    roomBytes: ({ files }) => TREES * TREE_BYTES * (Math.max(...files) / ENTRIES),
    async *make(ground, choices) {
      for (const at of choices.files) {
        const planted = await ground.plant(`files-${at}`, at / ENTRIES);
        const here = groundOn(ground, planted);
        for await (const workload of maker.make(here.ground, choices))
          yield { ...workload, name: `${name}-${at}`, question, growth: { curve: name, along: "files", at } };
        await here.remove();
      }
    },
  };
}

/** The same ground with that tree as the tree of small files; guests stay with the one they have. */
function groundOn(ground: Ground, planted: PlantedTree): { ground: Ground; remove(): Promise<void> } {
  const { host, signal } = ground;
  const stands = ground.stands.map((stand) => ({
    ...stand,
    ...treesOf(stand.store, async () => planted.tar, { lossy: !host.fullRoot, signal }),
  }));
  const expected = once(async (_: "tree") => snapshotTree(planted.tree));
  return {
    ground: { ...ground, stands, many: async () => planted, expected: () => expected("tree"), guests: NO_GUESTS },
    remove: async () => {
      for (const stand of stands) await stand.remove();
      await planted.remove();
    },
  };
}
