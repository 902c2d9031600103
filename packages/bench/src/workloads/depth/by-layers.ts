import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Stand } from "../../ground/stand.ts";
import type { Contestant } from "../../workload.ts";
import { inContainer } from "../edits/in-container.ts";
import type { Maker } from "../maker.ts";
import { LARGE, type Spread, spreadOf, spreadOver, writePart } from "./spread.ts";

interface Look {
  readonly name: string;
  readonly question: string;
  readonly fairness: string;
  act(root: string, spread: Spread): void;
}

const SAME =
  "The view is the same at every depth, and the mount is fresh, so overlay has nothing of it cached, while the filesystem below has. plain-copy and the plain directory have one tree whatever the depth.";

export const readdirByLayers = look({
  name: "readdir-by-layers",
  question: "How does listing directories grow with the number of layers that their entries come from?",
  fairness: SAME,
  act: (root, { directories, files }) => {
    let found = 0;
    for (const dir of directories) found += readdirSync(path.join(root, dir)).length;
    if (found !== files.length) throw new Error(`${found} entries listed of ${files.length}`);
  },
});

export const statByLayers = look({
  name: "stat-by-layers",
  question: "How does the first stat of every file grow with the number of layers that the files lie in?",
  fairness: SAME,
  act: (root, { files }) => {
    for (const file of files) lstatSync(path.join(root, file));
  },
});

const TIMES = 8;
const buffer = Buffer.alloc(128 * 1024);

export const readByLayers = look({
  name: "deep-read-by-layers",
  question: `Does reading 16 MiB ${TIMES} times from the lowest layer grow with the number of layers above it?`,
  fairness: `${SAME} The file is in the page cache.`,
  act: (root) => {
    for (let i = 0; i < TIMES; i++) {
      const fd = openSync(path.join(root, LARGE), "r");
      while (readSync(fd, buffer) > 0);
      closeSync(fd);
    }
  },
});

function look({ name, question, fairness, act }: Look): Maker {
  return {
    name,
    question,
    long: true,
    async *make(ground, { runs, layers, scale }) {
      const spread = spreadOf(scale);
      const plain = path.join(ground.dir, name);
      mkdirSync(plain);
      writePart(plain, spread, 0, 1);
      const limit: Contestant = { name: "plain directory", role: "limit", run: () => act(plain, spread) };
      for (const at of layers) {
        const chains: { stand: Stand; chain: string[] }[] = [];
        const contestants: Contestant[] = [limit];
        for (const stand of ground.stands) {
          const most = stand.store.driver.maxParents;
          if (most !== null && at > most) {
            contestants.push({ name: stand.name, role: "ours", run: () => {}, absent: `at most ${most} layers below` });
            continue;
          }
          // Whole trees: a copy of it for each layer would say nothing that the last one does not.
          const chain = await spreadOver(stand, spread, stand.store.driver.dialect === "tree" ? 1 : at, ground.signal);
          chains.push({ stand, chain });
          contestants.push(
            inContainer(stand, chain.at(-1)!, {
              act: (root) => act(root, spread),
              verify: (root) => requireView(root, spread),
            }),
          );
        }
        yield {
          ...{ name: `${name}-${at}`, question, fairness, runs, contestants },
          growth: { curve: name, along: "layers", at },
        };
        for (const { stand, chain } of chains) for (const id of chain.reverse()) await stand.store.remove(id);
      }
      await removeTree(plain);
    },
  };
}

function requireView(root: string, { files }: Spread): void {
  for (const file of files) {
    if (readFileSync(path.join(root, file), "utf8") !== `content of ${file}\n`)
      throw new Error(`${file} has not its content`);
  }
}
