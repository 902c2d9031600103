import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Contestant, Workload } from "../workload.ts";
import { runProgram } from "../workloads/programs.ts";
import type { Ground, Stand } from "./ground.ts";

/** One mount is far below the grain of the CPU clock. */
const TIMES = 100;

export function mounts(ground: Ground, depth: number, runs: number): Workload {
  return {
    name: `mount-${depth}`,
    question: `What do ${TIMES} mounts and unmounts of a writable layer on ${depth} layers cost?`,
    fairness:
      "Each with the layer's lock, a look at every record of the chain, a record of the intent and of the mount, and a look at what was mounted. plain-copy binds one tree whatever the depth. The C program also starts, once a run.",
    runs,
    contestants: [inC(ground, depth), ...ground.stands.map((stand) => ours(ground, stand, depth))],
  };
}

function ours(ground: Ground, { driver, store, deep }: Stand, depth: number): Contestant {
  const id = deep.get(depth)!;
  const target = path.join(ground.dir, `mnt-${driver.name}`);
  mkdirSync(target, { recursive: true });
  return {
    name: driver.name,
    run: async () => {
      for (let i = 0; i < TIMES; i++) await (await store.mount(id, { target })).unmount();
    },
  };
}

function inC(ground: Ground, depth: number): Contestant {
  const name = "C";
  if ("absent" in ground.yardsticks) return { name, absent: ground.yardsticks.absent, run: async () => {} };
  const overlay = ground.stands.find(({ driver }) => driver.name === "overlay2");
  if (!overlay) return { name, absent: "overlay2 does not work here", run: async () => {} };
  const program = ground.yardsticks.programs.mount;
  const own = path.join(ground.dir, `c-mount-${depth}`);
  for (const room of ["records", "upper", "work", "target"]) mkdirSync(path.join(own, room), { recursive: true });
  let lowers: string[] = [];
  return {
    name,
    before: async () => {
      if (lowers.length > 0) return;
      const { store } = overlay;
      const [, ...below] = await store.chain(overlay.deep.get(depth)!);
      lowers = below.flatMap((layer) => [path.join(path.dirname(layer.body), "layer.json"), store.access(layer).dir]);
    },
    run: () =>
      runProgram(
        program,
        [String(TIMES), own, ...["target", "upper", "work"].map((room) => path.join(own, room)), ...lowers],
        own,
      ),
  };
}
