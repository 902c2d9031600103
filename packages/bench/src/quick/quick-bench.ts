import { mkdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { DriverModule, Host } from "@copyup/core";
import { type BenchEnvironment, describeEnvironment } from "../environment.ts";
import { runWorkload, type WorkloadResult } from "../run/run-workload.ts";
import { quickWorkloads } from "./quick-workloads.ts";
import { prepareSubject, type Subject } from "./subject.ts";

export interface QuickBenchOptions {
  readonly drivers: readonly DriverModule[];
  readonly host: Host;
  /** Layer tars, base first. */
  readonly layers: readonly string[];
  /** A fresh directory on the filesystem to measure on, and what to call it. */
  readonly dir: string;
  readonly filesystem: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

export interface BenchReport {
  readonly environment: BenchEnvironment;
  readonly workloads: readonly WorkloadResult[];
  readonly losses: readonly SubjectLosses[];
  /** Digest of the exported edited layer, by driver: equal views export equal bytes. */
  readonly exports: readonly { readonly driver: string; readonly digest: string; readonly bytes: number }[];
}

export interface SubjectLosses {
  readonly driver: string;
  readonly lost: Readonly<Record<string, number>>;
  readonly examples: Readonly<Record<string, string>>;
}

/** Applies the image with each driver and runs the quick workloads side by side. */
export async function quickBench(options: QuickBenchOptions): Promise<BenchReport> {
  const { drivers, dir, signal, host } = options;
  const say = options.onProgress ?? (() => {});
  const lossy = !host.fullRoot;
  const stores = path.join(dir, "stores");
  const work = path.join(dir, "programs");
  mkdirSync(work);
  const subjects: Subject[] = [];
  try {
    for (const driver of drivers) {
      say(`applying the image with ${driver.name}`);
      subjects.push(await prepareSubject({ driver, root: stores, layers: options.layers, lossy, signal }));
    }
    const exports = await exportEdited(subjects);
    const tree = await plainTree(subjects);
    const workloads: WorkloadResult[] = [];
    for (const workload of quickWorkloads({
      subjects,
      layers: options.layers,
      dir: work,
      tree,
      lossy,
      fullRoot: host.fullRoot,
    })) {
      workloads.push(
        await runWorkload(workload, {
          signal,
          onRun: (done, total) => say(`${workload.name}: run ${done} of ${total}`),
        }),
      );
    }
    const losses = subjects.map(({ name, lost, lostExamples }) => ({ driver: name, lost, examples: lostExamples }));
    return { environment: describeEnvironment(host, options.filesystem), workloads, losses, exports };
  } finally {
    for (const subject of subjects) await subject.store[Symbol.asyncDispose]();
    await removeTree(work);
  }
}

async function exportEdited(subjects: readonly Subject[]): Promise<BenchReport["exports"]> {
  const exports: { driver: string; digest: string; bytes: number }[] = [];
  for (const subject of subjects) {
    const tar = subject.store.diff(subject.edited);
    let bytes = 0;
    for await (const chunk of tar) bytes += chunk.length;
    exports.push({ driver: subject.name, digest: await tar.digest, bytes });
  }
  return exports;
}

/** The base layer's own directory: a base has no marks, so for every driver it is the plain tree. */
async function plainTree(subjects: readonly Subject[]): Promise<string> {
  const subject = subjects[0];
  if (!subject) throw new RangeError("nothing to measure: no driver works here");
  return subject.store.access(subject.base).dir;
}
