import { setTimeout as sleep } from "node:timers/promises";
import type { DriverModule, Host } from "@copyup/core";
import { type BenchEnvironment, describeEnvironment } from "./environment.ts";
import { apply, diff } from "./full/archives.ts";
import { type Judged, judgeGoals } from "./full/goal.ts";
import { type Ground, makeGround } from "./full/ground.ts";
import { mounts } from "./full/mounts.ts";
import { start } from "./full/start.ts";
import { changes, copy } from "./full/trees.ts";
import { runWorkload, type WorkloadResult } from "./run-workload.ts";
import type { Workload } from "./workload.ts";

export interface FullBenchOptions {
  readonly drivers: readonly DriverModule[];
  readonly host: Host;
  /** A fresh directory on the filesystem to measure on, and what to call it. */
  readonly dir: string;
  readonly filesystem: string;
  /** Names of workloads; all if there are none. */
  readonly only: readonly string[];
  readonly runs: number;
  /** 1: the tree of 22,000 entries. */
  readonly scale: number;
  /** How this copyup is started, as argv. */
  readonly command: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

export interface FullBenchReport {
  readonly type: "copyup-bench";
  readonly environment: BenchEnvironment;
  readonly scale: number;
  readonly entries: number;
  readonly contentBytes: number;
  readonly workloads: readonly WorkloadResult[];
  readonly goals: readonly Judged[];
}

type Maker = (ground: Ground, runs: number, options: FullBenchOptions) => Workload;

const MAKERS: Readonly<Record<string, Maker>> = {
  "mount-10": (ground, runs) => mounts(ground, 10, runs),
  "mount-120": (ground, runs) => mounts(ground, 120, runs),
  apply,
  diff,
  changes,
  copy,
  start: (ground, runs, { command }) => start(ground, command, runs),
};

export const WORKLOADS: readonly string[] = Object.keys(MAKERS);
const DEPTHS = [10, 120];

/** The workloads side by side, with the yardsticks in C and the programs people would use instead. */
export async function fullBench(options: FullBenchOptions): Promise<FullBenchReport> {
  const { host, signal, dir } = options;
  const say = options.onProgress ?? (() => {});
  const ground = await makeGround({ ...options, depths: DEPTHS, say });
  try {
    const workloads: WorkloadResult[] = [];
    for (const name of options.only.length > 0 ? options.only : WORKLOADS) {
      const workload = MAKERS[name]!(ground, options.runs, options);
      // What the last one left to the disk is not this one's.
      await sleep(100);
      workloads.push(await runWorkload(workload, signal, (done, total) => say(`${name}: run ${done} of ${total}`)));
    }
    return {
      type: "copyup-bench",
      environment: describeEnvironment(host, options.filesystem),
      scale: options.scale,
      entries: ground.many.entries,
      contentBytes: ground.many.bytes,
      workloads,
      goals: judgeGoals(workloads),
    };
  } finally {
    say(`clearing ${dir}`);
    await ground.close();
  }
}
