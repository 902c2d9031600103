import { mkdirSync } from "node:fs";
import path from "node:path";
import { quickBench } from "@copyup/bench";
import { withScratch } from "@copyup/conformance";
import type { DriverModule } from "@copyup/core";
import { describeContext, loadDriver } from "@copyup/runtime";
import { runDrivers } from "../suite/run-suite.ts";
import { VERSION } from "../version.ts";
import type { ComparisonReport } from "./comparison.ts";
import { type Image, makeImage } from "./image.ts";
import { imageFromFile } from "./image-from-file.ts";

export interface GatherOptions {
  readonly work: string | undefined;
  readonly imageFile: string | undefined;
  /** Only this one; every driver if undefined. */
  readonly driver: string | undefined;
  readonly signal: AbortSignal;
  /** The request is one that can be carried out: from here on it takes minutes. */
  onAccepted(): void;
  /** One short text for the progress line. */
  say(text: string): void;
}

export async function gatherComparison(options: GatherOptions): Promise<ComparisonReport> {
  const started = performance.now();
  const { signal, say } = options;
  // Refused before minutes of work.
  if (options.driver !== undefined) await loadDriver(options.driver);
  const given = options.imageFile === undefined ? null : await imageFromFile(options.imageFile);
  options.onAccepted();
  const suite = await withScratch(
    { work: options.work, image: options.work === undefined ? "wanted" : "needed" },
    async (scratch) => {
      const context = describeContext(scratch.dir);
      const outcome = await runDrivers({
        work: scratch.dir,
        scratch: scratch.description,
        driver: options.driver,
        signal,
        onResult: (result, { done, total }) =>
          say(`check ${done} of ${total}: ${result.driver} ${result.id} ${result.title}`),
      });
      return { ...outcome, host: context.host, description: scratch.description };
    },
  );
  const working: DriverModule[] = [];
  for (const probe of suite.probes) if (probe.works) working.push(await loadDriver(probe.driver));
  const measured = working.length === 0 ? null : await bench(options, working, suite.host, given);
  return {
    version: VERSION,
    date: new Date().toISOString(),
    seconds: (performance.now() - started) / 1000,
    host: suite.host,
    conformanceScratch: suite.description,
    benchScratch: measured?.scratch ?? null,
    image: measured?.image ?? "none was needed",
    probes: suite.probes,
    results: suite.cells.flatMap((cell) => cell.results),
    cells: suite.cells,
    bench: measured?.report ?? null,
  };
}

async function bench(
  options: GatherOptions,
  drivers: readonly DriverModule[],
  host: ComparisonReport["host"],
  given: Image | null,
) {
  return withScratch({ work: options.work, image: "wanted" }, async (scratch) => {
    options.say("making the image");
    const layers = path.join(scratch.dir, "image");
    const dir = path.join(scratch.dir, "bench");
    mkdirSync(layers);
    mkdirSync(dir);
    const image = given ?? makeImage(layers);
    const report = await quickBench({
      drivers,
      host,
      layers: image.layers,
      dir,
      filesystem: scratch.filesystem,
      signal: options.signal,
      onProgress: (text) => options.say(`bench: ${text}`),
    });
    return { report, image: image.description, scratch: scratch.description };
  });
}
