import path from "node:path";
import { removeTree } from "@copyup/archive";
import { statfs, syncFilesystem } from "@copyup/linux";
import type { MountHandle } from "@copyup/store";
import { CachedFiles, readTree } from "../../ground/cached-files.ts";
import type { Ground } from "../../ground/ground.ts";
import type { Stand } from "../../ground/stand.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import type { Maker } from "../maker.ts";
import { type Copier, copiers } from "./copiers.ts";

export const pageCache: Maker = {
  name: "page-cache",
  question:
    "How much more does the page cache hold when a second container has read the files that the first has read?",
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "Nothing of the image is cached, the first container reads all its files, then the second: measured is the second. What is cached is asked of the kernel file by file (mincore), of FUSE's own pages too. Blocks shared on the disk are not shared in memory: two files, two caches. Times hold the counting too.",
      runs,
      asks: "cachedBytes",
      contestants: [
        ...copiers(ground).map((copier) => ofCopies(ground, copier, tree)),
        ...(await Promise.all(ground.stands.map(ofContainers))),
      ],
    };
  },
};

async function ofContainers({ name, store, root, many }: Stand): Promise<Contestant> {
  const parent = (await many()).id;
  let mounts: MountHandle[] = [];
  return second(name, "ours", {
    begin: async () => {
      for (let i = 0; i < 2; i++) mounts.push(await store.mount((await store.prepare({ parent })).id));
      const [first, next] = mounts.map((mount) => mount.path) as [string, string];
      // FUSE has pages of its own above those of the files it serves; everybody else shows the files themselves.
      const own = statfs(first).type === FUSE ? [first, next] : [];
      return { first, next, held: [path.join(root, "layers"), ...own] };
    },
    end: async () => {
      for (const mount of mounts) {
        await mount.unmount();
        await store.remove(mount.id);
      }
      mounts = [];
    },
  });
}

const FUSE = 0x65735546;

function ofCopies({ dir }: Ground, { name, program, absent }: Copier, tree: string): Contestant {
  const [first, next] = ["first", "next"].map((which) => path.join(dir, `read-${which}`)) as [string, string];
  return {
    ...second(name, "peer", {
      begin: async () => {
        for (const to of [first, next]) runProgram([...program, tree, to], { cwd: dir });
        return { first, next, held: [first, next] };
      },
      end: async () => {
        for (const to of [first, next]) await removeTree(to);
      },
    }),
    absent,
  };
}

interface Pair {
  readonly first: string;
  readonly next: string;
  /** Where all the files lie that either can read. */
  readonly held: readonly string[];
}

function second(
  name: string,
  role: "ours" | "peer",
  { begin, end }: { begin(): Promise<Pair>; end(): Promise<void> },
): Contestant {
  let pair: Pair | undefined;
  let files: CachedFiles | undefined;
  let read = 0;
  return {
    name,
    role,
    before: async () => {
      pair = await begin();
      await syncFilesystem(pair.first);
      files = new CachedFiles(pair.held);
      files.drop();
      read = readTree(pair.first);
    },
    run: () => {
      const before = files!.bytes();
      const again = readTree(pair!.next);
      if (again !== read) throw new Error(`${name}: the first container has ${read} bytes, the second ${again}`);
      return { cachedBytes: files!.bytes() - before };
    },
    after: end,
  };
}
