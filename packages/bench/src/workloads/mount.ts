import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Ground } from "../ground/ground.ts";
import type { Stand } from "../ground/stand.ts";
import { runProgram } from "../programs/programs.ts";
import type { Contestant } from "../workload.ts";
import type { Maker } from "./maker.ts";

/** One mount is far below the grain of the CPU clock. */
const TIMES = 100;

const FAIRNESS =
  "Each with the layer's lock, a look at its record and its parent's, at what is mounted and at the target, a record of the intent and of the mount, a look at what was mounted, and at the unmount the same questions and whether the superblock is gone. plain-copy binds one tree whatever the depth. The C program also starts, once a run, which takes 0.6 ms; ours have mounted 5,000 times before, or for eight seconds.";

export function mountOn(depth: number): Maker {
  const question = `What do ${TIMES} mounts and unmounts of a writable layer on ${depth} layers cost?`;
  return {
    name: `mount-${depth}`,
    question,
    async *make(ground, { runs }) {
      const contestants = await mounts(ground, depth);
      yield {
        name: `mount-${depth}`,
        question,
        fairness: FAIRNESS + ground.guests.fairness("mount"),
        runs,
        contestants,
      };
    },
  };
}

export const mountByLayers: Maker = {
  name: "mount-by-layers",
  question: `How do ${TIMES} mounts and unmounts grow with the number of layers below?`,
  long: true,
  async *make(ground, { runs, layers }) {
    for (const at of layers)
      yield {
        name: `mount-by-layers-${at}`,
        question: this.question,
        fairness: FAIRNESS + ground.guests.fairness("mount"),
        runs,
        growth: { curve: this.name, along: "layers", at },
        contestants: await mounts(ground, at),
      };
  },
};

async function mounts(ground: Ground, depth: number): Promise<Contestant[]> {
  return [
    await inC(ground, depth),
    ...(await Promise.all(ground.stands.map((stand) => ours(ground, stand, depth)))),
    ...(await ground.guests.contestants("mount", (peer) => peer.mount?.(depth, TIMES))),
  ];
}

/** V8 compiles what a mount runs for the first thousands (after 1,500 they still get faster by a tenth); a service is past that. */
const UNTIL_STEADY = 5000;
/** Where each starts a daemon, that is another program's work, and thousands would take minutes. */
const STEADY_WITHIN_MS = 8000;
const steady = new WeakSet<Stand>();

async function ours(ground: Ground, stand: Stand, depth: number): Promise<Contestant> {
  const { name, store, deep } = stand;
  const id = await deep(depth);
  const target = path.join(ground.dir, `mnt-${name}`);
  mkdirSync(target, { recursive: true });
  return {
    name,
    role: "ours",
    run: async () => {
      // The first run is not measured.
      const [times, until] = steady.has(stand)
        ? [TIMES, Infinity]
        : [UNTIL_STEADY, performance.now() + STEADY_WITHIN_MS];
      steady.add(stand);
      for (let i = 0; i < times && performance.now() < until; i++) await (await store.mount(id, { target })).unmount();
    },
  };
}

async function inC(ground: Ground, depth: number): Promise<Contestant> {
  const contestant = { name: "C", role: "limit", run: () => {} } as const;
  if ("absent" in ground.yardsticks) return { ...contestant, absent: ground.yardsticks.absent };
  const overlay = ground.stands.find(({ name }) => name === "overlay2");
  if (!overlay) return { ...contestant, absent: "overlay2 does not work here" };
  const program = ground.yardsticks.programs.mount;
  const own = path.join(ground.dir, `c-mount-${depth}`);
  const rooms = ["target", "upper", "work"].map((room) => path.join(own, room));
  for (const room of [path.join(own, "records"), ...rooms]) mkdirSync(room, { recursive: true });
  const { store } = overlay;
  const [, ...below] = await store.chain(await overlay.deep(depth));
  const lowers = below.flatMap((layer) => [path.join(path.dirname(layer.body), "layer.json"), store.access(layer).dir]);
  return { ...contestant, run: () => runProgram([program, String(TIMES), own, ...rooms, ...lowers], { cwd: own }) };
}
