import { processTreeCpuMs } from "@copyup/linux";
import type { Contestant, Figure } from "../workload.ts";
import { cpuMsOf } from "./cpu-of.ts";
import { type RoomUse, useOfRoom } from "./room.ts";

export type Measured = Readonly<Partial<Record<Figure, number>>>;

/** One run. `room`: a directory on the filesystem that the contestants work on; what the run adds to it is told, too. */
export async function measure(contestant: Contestant, room: string | null, check = false): Promise<Measured> {
  await contestant.before?.();
  const held = room === null ? null : await useOfRoom(room);
  const servants = contestant.servants?.() ?? [];
  const servantsBefore = sum(servants.map(cpuMsOf));
  const cpu = processTreeCpuMs();
  const wall = performance.now();
  const own = await contestant.run();
  const wallMs = performance.now() - wall;
  const cpuMs = processTreeCpuMs() - cpu + sum(servants.map(cpuMsOf)) - servantsBefore;
  const added = held && room !== null ? addedSince(held, await useOfRoom(room)) : {};
  if (check) await contestant.verify?.();
  await contestant.after?.();
  return { wallMs, cpuMs, ...added, ...(own ?? {}) };
}

/** What the program costs that does nothing, in ms of CPU time. */
export async function measureStartUp(startUp: () => Promise<void> | void): Promise<number> {
  const cpu = processTreeCpuMs();
  await startUp();
  return processTreeCpuMs() - cpu;
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
