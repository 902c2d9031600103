import { setTimeout as sleep } from "node:timers/promises";
import type { DriverModule, Host } from "@copyup/core";
import { type BenchEnvironment, describeEnvironment } from "./environment.ts";
import { type Judged, judgeGoals } from "./goals/goal.ts";
import { GOALS } from "./goals/goals.ts";
import { makeGround } from "./ground/ground.ts";
import { type CacheKept, CacheWatch } from "./run/cache-kept.ts";
import { machineNoise } from "./run/machine-noise.ts";
import { runWorkload, type WorkloadResult } from "./run/run-workload.ts";
import { about, TimeLeft } from "./run/time-left.ts";
import type { Workload } from "./workload.ts";
import type { Choices, Maker } from "./workloads/maker.ts";

export interface BenchOptions extends Choices {
  readonly drivers: readonly DriverModule[];
  readonly host: Host;
  /** A fresh directory on the filesystem to measure on, and what to call it. */
  readonly dir: string;
  readonly filesystem: string;
  /** In a sentence, for the report: what it is an image of and where. */
  readonly place?: string;
  /** Of this copyup, for the report. */
  readonly version?: string;
  readonly commit?: string | null;
  /** Of workloads, in this order; see WORKLOADS. */
  readonly workloads: readonly Maker[];
  /** 1: the tree of 22,000 entries. */
  readonly scale: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
  /** The result so far, after each series: of hours of measuring nothing is lost to an interruption. */
  readonly onResult?: (soFar: BenchResult) => void;
}

/** What `copyup bench --out` writes. */
export interface BenchResult {
  readonly type: "copyup-bench";
  readonly format: 1;
  /** Of the copyup that was measured; the commit where it ran from a checkout. */
  readonly version: string | null;
  readonly commit: string | null;
  readonly environment: BenchEnvironment;
  /** What was worked on, in a sentence. */
  readonly place: string | null;
  /** What the whole of it took. */
  readonly seconds: number;
  /** Of this machine, before anything was compared, as a part. */
  readonly machineNoise: number;
  /** What the machine still had of a file that nobody read; null where the runs ended sooner, undefined in older results. */
  readonly cacheKept?: CacheKept | null;
  /** Of the tree of small files. */
  readonly scale: number;
  readonly runs: number;
  readonly workloads: readonly WorkloadResult[];
  readonly goals: readonly Judged[];
}

/** The workloads side by side, with the yardsticks in C and the programs people would use instead. */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { host, signal, dir, scale, runs } = options;
  const say = options.onProgress ?? (() => {});
  say("measuring the machine's own noise");
  const began = performance.now();
  const leastNoise = machineNoise(dir);
  using cache = new CacheWatch(dir);
  const ground = await makeGround({ ...options, say });
  try {
    const workloads: WorkloadResult[] = [];
    const soFar = (): BenchResult => ({
      ...{ type: "copyup-bench", format: 1 },
      ...{ version: options.version ?? null, commit: options.commit ?? null, place: options.place ?? null },
      environment: describeEnvironment(host, options.filesystem, ground.guests.found),
      seconds: Math.round((performance.now() - began) / 1000),
      ...{ machineNoise: leastNoise, cacheKept: cache.kept() },
      ...{ scale, runs, workloads },
      goals: judgeGoals(workloads, GOALS),
    });
    const left = new TimeLeft(options.workloads.length);
    for (const [i, maker] of options.workloads.entries()) {
      const where = `${i + 1} of ${options.workloads.length}`;
      left.makerBegins();
      say(`${where}, ${maker.name}: preparing`);
      for await (const workload of maker.make(ground, options)) {
        // What the last one left to the disk is not this one's.
        await sleep(100);
        left.seriesBegins();
        const points = pointsOf(workload, options);
        const onRun = (done: number, total: number) => {
          // It is asked once, when its time has come.
          cache.kept();
          say(`${where}, ${workload.name}: run ${done} of ${total}; ${about(left.afterRun(done, total, points))} left`);
        };
        workloads.push(await runWorkload(workload, { signal, room: dir, leastNoise, onRun }));
        options.onResult?.(soFar());
      }
      left.makerEnds();
    }
    return soFar();
  } finally {
    say(`clearing ${dir}`);
    await ground.close();
  }
}

/** How many points its curve will have, as far as the choices tell. */
function pointsOf({ growth }: Workload, { layers, files, atOnce }: Choices): number {
  const points =
    growth && { layers, files, "at once": atOnce, bytes: [], containers: [], edits: [], entries: [] }[growth.along];
  return points?.length ?? 0;
}
