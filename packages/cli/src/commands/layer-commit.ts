import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { printJson, printLine } from "../output/print.ts";
import { progressLine } from "../output/progress.ts";
import { withSmallYoungGeneration } from "./with-small-young-generation.ts";

export function addLayerCommit(layer: Command, environment: Environment): void {
  layer
    .command("create")
    .option("--parent <id>", "the committed layer it goes on top of")
    .description("make an active (writable) layer; prints its id")
    .addHelpText("after", "\nExample:\n  box=$(copyup layer create --parent $image)\n")
    .action(async (flags: { parent?: string }, command: Command) => {
      const options = globalOptions(command);
      const progress = progressLine(options.quiet);
      await withStore(environment, options, "write", async (store) => {
        // Not disposed: the layer is to outlive this command.
        const made = await store.prepare({
          parent: flags.parent ?? null,
          signal: environment.signal,
          onProgress: progress.onProgress,
        });
        progress.done();
        if (options.json) printJson({ id: made.id });
        else printLine(made.id);
      });
    });
  layer
    .command("commit")
    .argument("<id>", "an active layer, not mounted")
    .option("--diff-id", "compute the diff id now")
    .description("make an active layer immutable; prints its id")
    .addHelpText("after", "\nExample:\n  copyup layer commit $box\n")
    .action(async (id: string, flags: { diffId?: boolean }, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        withSmallYoungGeneration();
        const committed = await store.commit(id, { diffId: flags.diffId === true, signal: environment.signal });
        if (options.json) printJson({ id: committed.id, diffId: committed.diffId });
        else printLine(committed.id);
      });
    });
}
