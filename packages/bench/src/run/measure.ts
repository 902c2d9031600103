import { setImmediate as nextTurn } from "node:timers/promises";
import { processTreeCpuMs } from "@copyup/linux";
import { readIntoCache } from "../ground/cached-files.ts";
import type { Contestant, Figure } from "../workload.ts";
import { cpuMsOf } from "./cpu-of.ts";
import { type RoomUse, useOfRoom } from "./room.ts";

export type Measured = Readonly<Partial<Record<Figure, number>>>;

/** One run. `room`: a directory on the filesystem that the contestants work on; what the run adds to it is told, too. */
export async function measure(contestant: Contestant, room: string | null, check = false): Promise<Measured> {
  // What mounts in one thread takes no turn of the event loop, and Ctrl-C would not be heard.
  await nextTurn();
  await contestant.before?.();
  readIntoCache(contestant.reads ?? []);
  try {
    const held = room === null ? null : await useOfRoom(room);
    const { part = 1 } = contestant;
    const wall = performance.now();
    const { cpuMs, result } = await cpuOf(contestant, () => contestant.run());
    const wallMs = performance.now() - wall;
    const added = held && room !== null ? addedSince(held, await useOfRoom(room)) : {};
    if (check) await contestant.verify?.();
    return { wallMs: wallMs / part, cpuMs: cpuMs / part, ...added, ...(result ?? {}) };
  } finally {
    // After a failure, too: what it has left would be in the others' way.
    await contestant.after?.();
  }
}

/** What the program costs that does all but the work, in ms of CPU time; null for what is no program. */
export async function measureStartUp(contestant: Contestant): Promise<number | null> {
  if (!contestant.startUp) return null;
  const { cpuMs } = await cpuOf(contestant, () => contestant.startUp?.());
  return cpuMs / (contestant.part ?? 1);
}

/** Of the whole process tree, and of those that work for the contestant. */
async function cpuOf<T>({ servants }: Contestant, work: () => Promise<T> | T): Promise<{ cpuMs: number; result: T }> {
  const pids = servants?.() ?? [];
  const servantsBefore = sum(pids.map(cpuMsOf));
  const own = processTreeCpuMs();
  const result = await work();
  return { cpuMs: processTreeCpuMs() - own + sum(pids.map(cpuMsOf)) - servantsBefore, result };
}

function addedSince(before: RoomUse, after: RoomUse): Measured {
  return {
    diskBytes: after.diskBytes - before.diskBytes,
    ...(before.writtenBytes === null || after.writtenBytes === null
      ? {}
      : { writtenBytes: after.writtenBytes - before.writtenBytes }),
    ...(before.inodes === null || after.inodes === null ? {} : { inodes: after.inodes - before.inodes }),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
