import { chmodSync, closeSync, mkdirSync, openSync, readSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { syncFilesystem } from "@copyup/linux";
import type { Ground } from "../../ground/ground.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import { copiers } from "../containers/copiers.ts";
import type { Maker } from "../maker.ts";
import { inContainer } from "./in-container.ts";

const FILE = "file";
const PIECE = 1 << 20;

interface CopyUp {
  readonly name: string;
  readonly question: string;
  readonly fairness: string;
  act(file: string): void;
  done(file: string): boolean;
}

export const writeByBytes = copyUp({
  name: "first-write-by-bytes",
  question: "What does a container pay for writing the first byte into a file of its image, by the file's size?",
  fairness:
    "Through the mount. overlay2 and fuse-overlayfs copy the whole file up first, overlay2 by sharing blocks where the filesystem can: there compare it with cp --reflink, elsewhere with cp, which do that copy alone. plain-copy paid when the container was made. Bytes written count the sync after.",
  act: (file) => withFile(file, "r+", (fd) => writeSync(fd, "!", 0)),
  done: (file) => firstByteOf(file) === "!",
});

export const chmodByBytes = copyUp({
  name: "chmod-by-bytes",
  question: "What does a container pay for a chmod of a file of its image, by the file's size?",
  fairness:
    "Through the mount. Nothing of the content changes, yet the whole file is copied up: overlay's metacopy would leave that out, and is off, for a layer would hold empty files in the place of data. Compare with cp as for the first write.",
  act: (file) => chmodSync(file, 0o640),
  done: (file) => (statSync(file).mode & 0o777) === 0o640,
});

function copyUp({ name, question, fairness, act, done }: CopyUp): Maker {
  return {
    name,
    question,
    long: true,
    // The source, one in each store, and the copies of one contestant at a time.
    roomBytes: ({ bytes }) => 8 * Math.max(...bytes),
    async *make(ground, { runs, bytes }) {
      for (const at of bytes) {
        const source = path.join(ground.dir, `${name}-${at}`);
        makeFile(source, at);
        const layers: { store: Ground["stands"][number]["store"]; id: string }[] = [];
        const contestants: Contestant[] = copiers(ground).map((copier) => ({
          ...copied(ground, path.join(source, FILE), at, copier.name.replace(" -a", ""), copier.program),
          absent: copier.absent,
        }));
        for (const stand of ground.stands) {
          const { store } = stand;
          const { layer } = await store.importTree(source, { durability: "none", signal: ground.signal });
          layers.push({ store, id: layer.id });
          const verify = (root: string) => {
            const file = path.join(root, FILE);
            if (!done(file) || statSync(file).size !== at)
              throw new Error(`${stand.name}: ${file} is not as it should be`);
          };
          const contestant = inContainer(stand, layer.id, { act: (root) => act(path.join(root, FILE)), verify });
          contestants.push({
            ...contestant,
            verify: async () => {
              await contestant.verify?.();
              await using below = await store.view(layer.id);
              if (done(path.join(below.path, FILE))) throw new Error(`${stand.name}: the image itself was changed`);
            },
          });
        }
        // What was imported is not the first run's to write.
        await syncFilesystem(ground.dir);
        yield {
          ...{ name: `${name}-${at}`, question, fairness, runs, contestants },
          asks: "wallMs",
          growth: { curve: name, along: "bytes", at },
        };
        for (const { store, id } of layers) await store.remove(id);
        await removeTree(source);
      }
    },
  };
}

function copied(
  ground: Ground,
  file: string,
  size: number,
  name: string,
  program: readonly [string, ...string[]],
): Contestant {
  const to = path.join(ground.dir, `${name.replace(/\W/g, "-")}-of-file`);
  return {
    name,
    role: "limit",
    run: () => runProgram([...program, file, to], { cwd: ground.dir }),
    verify: () => {
      if (statSync(to).size !== size) throw new Error(`${to} is no copy`);
    },
    after: () => removeTree(to),
  };
}

/** Bytes that no filesystem can leave out or say shorter. */
function makeFile(dir: string, size: number): void {
  mkdirSync(dir);
  const piece = Buffer.alloc(Math.min(PIECE, size));
  let word = 0x2545f491;
  for (let i = 0; i + 4 <= piece.length; i += 4) {
    word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    piece.writeInt32LE(word | 0, i);
  }
  withFile(path.join(dir, FILE), "w", (fd) => {
    for (let at = 0; at < size; at += piece.length) {
      piece.writeUInt8((at / piece.length) % 32, 0);
      writeSync(fd, piece, 0, Math.min(piece.length, size - at));
    }
  });
}

function firstByteOf(file: string): string {
  const byte = Buffer.alloc(1);
  withFile(file, "r", (fd) => readSync(fd, byte, 0, 1, 0));
  return byte.toString("latin1");
}

function withFile(file: string, flags: "r" | "r+" | "w", use: (fd: number) => void): void {
  const fd = openSync(file, flags);
  try {
    use(fd);
  } finally {
    closeSync(fd);
  }
}
