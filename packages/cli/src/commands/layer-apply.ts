import { statSync } from "node:fs";
import path from "node:path";
import type { AppliedLayer } from "@copyup/store";
import type { Command } from "commander";
import { type Environment, type GlobalOptions, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { printJson, printLine } from "../output/print.ts";
import { progressLine } from "../output/progress.ts";
import { openArchive } from "./archive-source.ts";
import { cannotRead } from "./cannot-read.ts";
import { withSmallYoungGeneration } from "./with-small-young-generation.ts";
import { withoutTurbofan } from "./without-turbofan.ts";

export function addLayerApply(layer: Command, environment: Environment): void {
  layer
    .command("apply")
    .argument("<file>", "a layer tar, plain or gzip or zstd; - for standard input")
    .option("--parent <id>", "the committed layer it goes on top of")
    .option("--lossy", "keep what this user cannot store as counts instead of failing")
    .description("make a committed layer from a layer tar; prints its id")
    .addHelpText(
      "after",
      "\nExamples:\n  copyup layer apply rootfs.tar.gz\n  docker export box | copyup layer apply -\n",
    )
    .action(async (file: string, flags: { parent?: string; lossy?: boolean }, command: Command) => {
      const options = globalOptions(command);
      const progress = progressLine(options.quiet);
      // Opened before the store is: a file that cannot be read must not make a store.
      const source = await openArchive(file);
      await withStore(environment, options, "write", async (store) => {
        withoutTurbofan();
        withSmallYoungGeneration();
        const applied = await store.apply(source, {
          parent: flags.parent ?? null,
          lossy: flags.lossy === true,
          signal: environment.signal,
          onProgress: progress.onProgress,
        });
        progress.done();
        printApplied(applied, options);
      });
    });
  layer
    .command("import")
    .argument("<dir>", "a directory tree")
    .option("--lossy", "keep what this user cannot store as counts instead of failing")
    .description("make a committed base layer from a directory tree; prints its id")
    .addHelpText("after", "\nExample:\n  copyup layer import /srv/rootfs\n")
    .action(async (dir: string, flags: { lossy?: boolean }, command: Command) => {
      const options = globalOptions(command);
      const progress = progressLine(options.quiet);
      const directory = path.resolve(dir);
      requireDirectory(directory);
      await withStore(environment, options, "write", async (store) => {
        withoutTurbofan();
        withSmallYoungGeneration();
        const applied = await store.importTree(directory, {
          lossy: flags.lossy === true,
          signal: environment.signal,
          onProgress: progress.onProgress,
        });
        progress.done();
        printApplied(applied, options);
      });
    });
}

function requireDirectory(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  throw cannotRead("import", directory, found === undefined ? "ENOENT" : "ENOTDIR");
}

function printApplied(applied: AppliedLayer, options: GlobalOptions): void {
  if (options.json) {
    printJson({
      id: applied.layer.id,
      diffId: applied.diffId,
      entries: applied.entries,
      bytes: applied.bytes,
      lost: applied.lost,
    });
    return;
  }
  for (const [kind, count] of Object.entries(applied.lost)) {
    const example = applied.lostExamples[kind];
    process.stderr.write(
      `copyup: not kept: ${kind} of ${count} entr${count === 1 ? "y" : "ies"}${example ? `, e.g. ${example}` : ""}\n`,
    );
  }
  printLine(applied.layer.id);
}
