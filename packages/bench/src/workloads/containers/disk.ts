import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Ground } from "../../ground/ground.ts";
import type { Stand } from "../../ground/stand.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import { type Maker, TREE_BYTES } from "../maker.ts";
import { type Copier, copiers } from "./copiers.ts";
import { editALittle, requireEdited, requireOnlyEdits } from "./little-edit.ts";

/** What a disk holds differs little from run to run, and copying an image 32 times takes long. */
const RUNS = 2;

export const diskByContainers: Maker = {
  name: "disk-by-containers",
  question: "How much disk, and how many inodes, do N containers of one image use, each edited a little?",
  long: true,
  roomBytes: ({ atOnce, scale }) => Math.max(...atOnce) * scale * TREE_BYTES,
  async *make(ground, { runs, atOnce }) {
    const { tree } = await ground.many();
    for (const at of atOnce) {
      const ours = await Promise.all(ground.stands.map((stand) => containers(stand, at)));
      yield {
        name: `${this.name}-${at}`,
        question: this.question,
        fairness:
          "What the filesystem holds more than before, after a sync; the image itself is not in it. Every container gets three edits. plain-copy and cp copy the whole image for each, with blocks shared where the filesystem can and it is said so.",
        runs: Math.min(runs, RUNS),
        asks: "diskBytes",
        growth: { curve: this.name, along: "containers", at },
        contestants: [...copiers(ground).map((copier) => copies(ground, copier, tree, at)), ...ours],
      };
    }
  },
};

async function containers({ name, store, many }: Stand, count: number): Promise<Contestant> {
  const parent = (await many()).id;
  const made: string[] = [];
  return {
    name,
    role: "ours",
    run: async () => {
      for (let i = 0; i < count; i++) {
        const { id } = await store.prepare({ parent });
        made.push(id);
        const mount = await store.mount(id);
        editALittle(mount.path, i);
        await mount.unmount();
      }
    },
    verify: async () => {
      for (const [i, id] of made.entries()) {
        await using view = await store.view(id);
        requireEdited(view.path, i);
        const changed: string[] = [];
        for await (const change of store.changes(id)) changed.push(Buffer.from(change.path).toString());
        requireOnlyEdits(changed);
      }
    },
    after: async () => {
      for (const id of made.splice(0)) await store.remove(id);
    },
  };
}

function copies({ dir }: Ground, { name, program, absent }: Copier, tree: string, count: number): Contestant {
  const places = Array.from({ length: count }, (_, i) => path.join(dir, `container-${i}`));
  return {
    name,
    role: "peer",
    absent,
    run: () => {
      for (const [i, to] of places.entries()) {
        runProgram([...program, tree, to], { cwd: dir });
        editALittle(to, i);
      }
    },
    verify: () => places.forEach(requireEdited),
    after: async () => {
      for (const to of places) await removeTree(to);
    },
  };
}
