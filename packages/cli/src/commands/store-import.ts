import path from "node:path";
import type { ImportedLayer, ImportReport } from "@copyup/import";
import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { printJson, printLine } from "../output/print.ts";
import { progressLine } from "../output/progress.ts";
import { withSmallYoungGeneration } from "./with-small-young-generation.ts";
import { withoutTurbofan } from "./without-turbofan.ts";

interface Flags {
  readonly from: string;
  readonly containers?: boolean;
  readonly lossy?: boolean;
}

export function addStoreImport(store: Command, environment: Environment): void {
  store
    .command("import")
    .argument("<path>", "the engine's directory: /var/lib/docker, /var/lib/containers/storage, or a copy of one")
    .requiredOption("--from <engine>", "docker-aufs, docker-overlay2, docker-vfs or containers-storage")
    .option("--containers", "also what containers wrote, as committed layers")
    .option("--lossy", "keep what this user cannot store as counts instead of failing")
    .description("read the layers another engine left behind, without its filesystem; prints OLD-ID NEW-ID lines")
    .addHelpText(
      "after",
      "\nThe source is only read. What cannot be imported whole is named, and the exit status is 1.\n\nExample:\n  copyup store import --from docker-aufs /mnt/old-disk/var/lib/docker\n",
    )
    .action(async (from: string, flags: Flags, command: Command) => {
      const options = globalOptions(command);
      const progress = progressLine(options.quiet);
      const { importFrom, readOldGraph } = await import("@copyup/import");
      // Before the store is opened: a wrong path must not make one.
      const source = path.resolve(from);
      readOldGraph(flags.from, source);
      await withStore(environment, options, "write", async (opened) => {
        withoutTurbofan();
        withSmallYoungGeneration();
        const report = await importFrom(opened, flags.from, source, {
          containers: flags.containers === true,
          lossy: flags.lossy === true,
          signal: environment.signal,
          onProgress: progress.onProgress,
          onLayer: (layer) => {
            progress.done();
            if (!options.json) printLine(`${layer.oldId} ${layer.newId}`);
            tell(layer);
          },
        });
        progress.done();
        if (report.failed.length > 0) environment.setStatus(1);
        if (options.json) printJson(asJson(report));
        tellRest(report, options.quiet);
      });
    });
}

function tell({ oldId, notes, lost }: ImportedLayer): void {
  for (const note of notes) warn(`${oldId}: ${note}`);
  for (const [kind, count] of Object.entries(lost)) warn(`${oldId}: not kept: ${kind} of ${count} entries`);
}

function tellRest({ failed, leftOut, notes }: ImportReport, quiet: boolean): void {
  for (const note of notes) warn(note);
  if (!quiet) for (const { id, reason } of leftOut) warn(`left out ${id}: ${reason}`);
  for (const { oldId, error } of failed) {
    warn(`${error.code}: layer ${oldId}: ${error.message}`);
    if (error.hint) process.stderr.write(`  ${error.hint}\n`);
  }
}

function warn(text: string): void {
  process.stderr.write(`copyup: ${text}\n`);
}

function asJson({ layers, failed, leftOut, notes }: ImportReport): unknown {
  return { layers, failed: failed.map(({ oldId, error }) => ({ oldId, error })), leftOut, notes };
}
