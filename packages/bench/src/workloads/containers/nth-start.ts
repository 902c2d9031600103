import { readdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { MountHandle } from "@copyup/store";
import type { Ground } from "../../ground/ground.ts";
import type { Stand } from "../../ground/stand.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import { type Maker, TREE_BYTES } from "../maker.ts";
import { type Copier, copiers } from "./copiers.ts";

export const startByContainers: Maker = {
  name: "start-by-containers",
  question:
    "What does one more container cost, from nothing to files that can be written, with N of the image running?",
  long: true,
  roomBytes: ({ atOnce, scale }) => 3 * Math.max(...atOnce) * scale * TREE_BYTES,
  async *make(ground, { runs, atOnce }) {
    const { tree } = await ground.many();
    const crowds = [
      ...copiers(ground).map((copier) => copied(ground, copier, tree)),
      ...(await Promise.all(ground.stands.map((stand) => mounted(stand, tree)))),
    ];
    try {
      for (const at of atOnce) {
        for (const crowd of crowds) await crowd.growTo(at);
        yield {
          name: `${this.name}-${at}`,
          question: this.question,
          fairness:
            "The drivers prepare a layer and mount it, with the locks, records and the one sync of a record that belong to it. cp has files that can be written, and nobody who knows of them.",
          runs,
          asks: "wallMs",
          growth: { curve: this.name, along: "containers", at },
          contestants: crowds.map(({ contestant }) => contestant),
        };
      }
    } finally {
      for (const crowd of crowds) await crowd.end();
    }
  },
};

/** Containers of one kind that are running, and a contestant that starts one more. */
interface Crowd {
  readonly contestant: Contestant;
  growTo(count: number): Promise<void>;
  end(): Promise<void>;
}

async function mounted({ name, store, many }: Stand, tree: string): Promise<Crowd> {
  const parent = (await many()).id;
  const running: MountHandle[] = [];
  const startOne = async () => store.mount((await store.prepare({ parent })).id);
  const endOne = async (mount: MountHandle) => {
    await mount.unmount();
    await store.remove(mount.id);
  };
  let further: MountHandle | undefined;
  return {
    growTo: async (count) => {
      while (running.length < count) running.push(await startOne());
    },
    end: async () => {
      for (const mount of running.splice(0)) await endOne(mount);
    },
    contestant: {
      name,
      role: "ours",
      run: async () => {
        further = await startOne();
      },
      verify: async () => {
        requireSameNames(further!.path, tree);
        const mounts = (await store.mounts()).length;
        if (mounts !== running.length + 1)
          throw new Error(`${name}: ${running.length} + 1 containers, ${mounts} mounts`);
      },
      after: async () => {
        if (further) await endOne(further);
      },
    },
  };
}

function copied({ dir }: Ground, { name, program, absent }: Copier, tree: string): Crowd {
  const place = (i: number | string) => path.join(dir, `running-${program.at(-1)}-${i}`);
  const further = place("further");
  let running = 0;
  return {
    growTo: async (count) => {
      while (running < count && absent === undefined) runProgram([...program, tree, place(running++)], { cwd: dir });
    },
    end: async () => {
      while (running > 0) await removeTree(place(--running));
    },
    contestant: {
      name,
      role: "peer",
      absent,
      run: () => runProgram([...program, tree, further], { cwd: dir }),
      verify: () => requireSameNames(further, tree),
      after: () => removeTree(further),
    },
  };
}

function requireSameNames(there: string, tree: string): void {
  const [found, wanted] = [there, tree].map((dir) => readdirSync(dir).sort().join());
  if (found !== wanted) throw new Error(`${there} has ${found} and not ${wanted}`);
}
