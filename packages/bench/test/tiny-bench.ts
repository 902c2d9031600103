import path from "node:path";
import { bench, type Figure, type Maker, type Points, WORKLOADS, type WorkloadResult } from "@copyup/bench";
import { withScratch } from "@copyup/conformance";
import { describeContext, loadDriver, probeAll } from "@copyup/runtime";

const TINY: Points = {
  layers: [1, 3],
  files: [50, 200],
  atOnce: [1, 3],
  bytes: [4096, 1 << 20],
  stored: [5, 20],
  scale: 0.02,
};
const COMMAND = path.join(import.meta.dirname, "../../cli/dist/main.cjs");

/** Runs workloads at tiny sizes on an xfs image of their own, with every driver that works here. */
export async function tinyBench(names: readonly string[]): Promise<readonly WorkloadResult[]> {
  const workloads = names.map((name) => WORKLOADS.find((maker) => maker.name === name)) as Maker[];
  return withScratch({ image: "required", imageFilesystem: "xfs", imageBytes: 4 * 1024 ** 3 }, async ({ dir }) => {
    const context = describeContext(dir);
    const working = (await probeAll(context)).filter(({ works }) => works);
    const result = await bench({
      ...TINY,
      workloads,
      drivers: await Promise.all(working.map(({ driver }) => loadDriver(driver))),
      host: context.host,
      dir,
      filesystem: "xfs",
      runs: 2,
      command: [process.execPath, COMMAND],
      peers: false,
      signal: new AbortController().signal,
    });
    return result.workloads;
  });
}

/** The median of a figure; throws for a contestant that was absent or did not have it. */
export function median(
  results: readonly WorkloadResult[],
  workload: string,
  contestant: string,
  figure: Figure,
): number {
  const found = results
    .find((result) => result.workload === workload)
    ?.contestants.find(({ name }) => name === contestant);
  const summary = figure === "cpuMs" ? found?.cpuMs : figure === "wallMs" ? found?.wallMs : found?.more[figure];
  if (!summary)
    throw new Error(`${workload}: ${contestant} has no ${figure} (${found?.absent ?? "it did not take part"})`);
  return summary.median;
}

/** `workload: names of those that took part`, for every workload that was run. */
export function tookPart(results: readonly WorkloadResult[]): Record<string, string[]> {
  return Object.fromEntries(
    results.map(({ workload, contestants }) => [
      workload,
      contestants.filter(({ absent }) => absent === null).map(({ name }) => name),
    ]),
  );
}
