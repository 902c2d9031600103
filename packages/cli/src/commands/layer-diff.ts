import { once } from "node:events";
import { createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { isStorageError, StorageError } from "@copyup/core";
import type { LayerDiff } from "@copyup/store";
import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { showPath } from "../output/layer-view.ts";
import { printJson, printLine } from "../output/print.ts";
import { progressLine } from "../output/progress.ts";
import { withSmallYoungGeneration } from "./with-small-young-generation.ts";

const LETTERS = { add: "A", modify: "M", delete: "D" } as const;

export function addLayerDiff(layer: Command, environment: Environment): void {
  layer
    .command("changes")
    .argument("<id>", "a layer, also an active or mounted one")
    .description("what the layer changes against its parent: A added, M modified, D deleted")
    .action(async (id: string, _flags, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        withSmallYoungGeneration();
        const all: { kind: string; path: string; type: string }[] = [];
        for await (const change of store.changes(id, { signal: environment.signal })) {
          if (options.json) all.push({ kind: change.kind, path: showPath(change.path), type: change.type });
          else printLine(`${LETTERS[change.kind]} ${showPath(change.path)}`);
        }
        if (options.json) printJson(all);
      });
    });
  layer
    .command("diff")
    .argument("<id>", "a layer, also an active or mounted one")
    .option("-o, --output <file>", "write there instead of stdout")
    .description("the layer as a canonical layer tar")
    .addHelpText(
      "after",
      "\nExamples:\n  copyup layer diff $box | tar -tv\n  copyup layer diff $box -o changes.tar --json\n",
    )
    .action(async (id: string, flags: { output?: string }, command: Command) => {
      const options = globalOptions(command);
      if (flags.output === undefined && process.stdout.isTTY) {
        throw new StorageError({
          code: "BAD_OPTION",
          op: "diff",
          message: "a tar archive is not for a terminal",
          hint: "use -o FILE, or pipe it",
        });
      }
      const progress = progressLine(options.quiet || flags.output === undefined);
      await withStore(environment, options, "read", async (store) => {
        withSmallYoungGeneration();
        const tar = store.diff(id, { signal: environment.signal, onProgress: progress.onProgress, reuse: true });
        if (flags.output === undefined) {
          await writeTo(process.stdout, tar);
          return;
        }
        await writeFileWhole(path.resolve(flags.output), tar);
        progress.done();
        if (options.json) printJson({ id, file: path.resolve(flags.output), digest: await tar.digest });
      });
    });
}

/** A piece is written before the next one is made in its memory. */
async function writeTo(stream: NodeJS.WritableStream, tar: LayerDiff): Promise<void> {
  for await (const chunk of tar) {
    await new Promise<void>((resolve, reject) => {
      stream.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** A file that is whole or not there. What is there and no file, a fifo or /dev/null, is written to and stays what it is. */
async function writeFileWhole(file: string, tar: LayerDiff): Promise<void> {
  const there = statSync(file, { throwIfNoEntry: false });
  const special = there !== undefined && !there.isFile() && !there.isDirectory();
  const partial = special ? file : `${file}.${process.pid}.part`;
  const stream = createWriteStream(partial, { flags: special ? "w" : "wx" });
  try {
    await once(stream, "open");
    await writeTo(stream, tar);
    stream.end();
    await once(stream, "close");
    if (!special) renameSync(partial, file);
  } catch (error) {
    // A write that was under way fails once the stream is gone: that is no news.
    stream.on("error", () => {}).destroy();
    if (!special) rmSync(partial, { force: true });
    if (isStorageError(error)) throw error;
    const errno = (error as NodeJS.ErrnoException).code;
    if (errno === undefined) throw error;
    throw new StorageError({
      code: errno === "ENOSPC" ? "NO_SPACE" : "IO",
      op: "diff",
      message: `cannot write ${file}: ${errno}`,
      path: file,
      errno,
    });
  }
}
