import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { humanBytes, printJson, printLine } from "../output/print.ts";
import { progressLine } from "../output/progress.ts";
import { addStoreImport } from "./store-import.ts";
import { withSmallYoungGeneration } from "./with-small-young-generation.ts";

export function addStore(program: Command, environment: Environment): void {
  const store = program.command("store").description("look after the store itself");
  store
    .command("check")
    .option("--repair", "remove what is broken and can go; never a committed layer")
    .description("compare every layer with its manifest; name bad, missing and orphaned ones; exit 1 if there are any")
    .addHelpText("after", "\nExample:\n  copyup store check --repair\n")
    .action(async (flags: { repair?: boolean }, command: Command) => {
      const options = globalOptions(command);
      const progress = progressLine(options.quiet);
      await withStore(environment, options, "inspect", async (opened) => {
        withSmallYoungGeneration();
        const report = await opened.check({
          repair: flags.repair === true,
          signal: environment.signal,
          onProgress: progress.onProgress,
        });
        progress.done();
        if (report.problems.some((problem) => !problem.repaired)) environment.setStatus(1);
        if (options.json) {
          printJson(report);
          return;
        }
        for (const problem of report.problems) {
          printLine(
            `${problem.repaired ? "repaired" : "PROBLEM"} ${problem.kind}: ${problem.layer ?? "store"}: ${problem.message}`,
          );
        }
        printLine(
          `${report.layers} layers, ${report.files} files, ${humanBytes(report.bytes)} read: ${report.problems.length === 0 ? "all well" : `${report.problems.length} problems`}`,
        );
      });
    });
  addStoreImport(store, environment);
  store
    .command("gc")
    .description("remove dead staging, trash and stale mount records; committed layers stay")
    .action(async (_flags, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "inspect", async (opened) => {
        const report = await opened.gc({ signal: environment.signal });
        if (options.json) printJson(report);
        else
          printLine(
            `removed ${report.staging} dead staging, ${report.trash} trash, ${report.mountRecords} stale mount records (${humanBytes(report.bytes)})`,
          );
      });
    });
}
