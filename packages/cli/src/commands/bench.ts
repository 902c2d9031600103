import path from "node:path";
import { StorageError } from "@copyup/core";
import { type Command, Option } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";
import { requireWritable } from "../output/require-writable.ts";

interface Flags {
  readonly fs: string;
  readonly runs: string;
  readonly scale: string;
  readonly list?: boolean;
  readonly all?: boolean;
  readonly peers?: boolean;
  readonly layers: string;
  readonly files: string;
  readonly atOnce: string;
  readonly bytes: string;
  readonly stored: string;
  readonly out?: string;
  readonly html?: string;
  readonly work?: string;
  readonly fail?: boolean;
}

export function addBench(program: Command, environment: Environment): void {
  program
    .command("bench")
    .argument("[workload...]", "by name; `--list` shows them (default: all that take no minutes)")
    .option("--list", "the workloads and the question that each answers")
    .option("--all", "the growth curves and the other long workloads, too")
    .option("--peers", "other people's programs and snapshotters beside ours, as far as they are installed")
    .addOption(new Option("--fs <name>", "what the loop image holds").choices(["ext4", "xfs", "btrfs"]).default("ext4"))
    .option("--runs <n>", "measured runs of each contestant", "10")
    .option("--scale <x>", "size of the tree; 1 is 22,000 entries", "1")
    .option("--layers <list>", "points of growth curves over layers", "1,8,32,128,499")
    .option("--files <list>", "… over files", "100,1000,10000,100000")
    .option("--at-once <list>", "… over containers and concurrency", "1,2,4,8,16,32")
    .option("--bytes <list>", "… over a file's size", "4096,65536,1048576,16777216,268435456,1073741824")
    .option("--stored <list>", "… over the layers that a store holds", "100,1000,10000,100000")
    .option("--out <file>", "the result as JSON; written after each workload, so an interrupted run keeps what it has")
    .option("--html <file>", "the result as one page with charts")
    .option("--work <dir>", "where to work (default: a fresh directory in the temporary directory)")
    .option("--fail", "with diff: exit status 1 if a figure of copyup's got worse beyond the noise")
    .description(
      "drivers beside the limit in C and the programs people would use instead, interleaved, on a loop image",
    )
    .addHelpText(
      "after",
      `
The yardsticks in C (bench's yardstick/) do the same work as the drivers and are built with the system's cc where there is one. Every
contestant runs once a round and the reference twice, so each series knows its own noise; nothing is ranked inside it.

\`bench diff BEFORE.json AFTER.json\` compares two results instead: what got slower or faster beyond the noise of both, times as ratios
to the yardstick of their own run, since machines differ.

Examples:
  copyup bench
  copyup bench apply diff --fs xfs --runs 15 --out bench.json --html bench.html
  copyup bench apply diff copy --peers
  copyup --driver overlay2 bench mount-10 mount-120
  copyup bench diff before.json after.json --fail
`,
    )
    .action(async (workloads: string[], flags: Flags, command: Command) => {
      const options = globalOptions(command);
      const { isDiff, printDiff } = await import("../bench/bench-diff.ts");
      if (isDiff(workloads)) {
        if (printDiff(workloads.slice(1), options.json) && flags.fail) environment.setStatus(1);
        return;
      }
      const runs = whole("--runs", flags.runs, 1000);
      const scale = number("--scale", flags.scale, 0.001, 50);
      const points = {
        layers: list("--layers", flags.layers, 499),
        files: list("--files", flags.files, 1_000_000),
        atOnce: list("--at-once", flags.atOnce, 32),
        bytes: list("--bytes", flags.bytes, 2 ** 32),
        stored: list("--stored", flags.stored, 100_000),
      };
      const { chosenWorkloads } = await import("../bench/chosen-workloads.ts");
      const chosen = chosenWorkloads(workloads, flags.list ?? flags.all ?? false);
      if (flags.list) {
        const width = Math.max(...chosen.map(({ name }) => name.length)) + 2;
        if (options.json) printJson(chosen.map(({ name, question, long = false }) => ({ name, question, long })));
        else
          for (const { name, question, long } of chosen)
            printLine(`${name.padEnd(width)}${question}${long ? " (long)" : ""}`);
        return;
      }
      const outputs = { out: flags.out, html: flags.html };
      const files = Object.values(outputs).flatMap((file) => (file === undefined ? [] : [path.resolve(file)]));
      if (new Set(files).size < files.length)
        throw refuse(`--out and --html are both ${files[0]}`, "the JSON and the page are two files");
      for (const file of files) requireWritable(file, "bench");
      const { rerunInPrivateNamespace } = await import("../suite/private-namespace.ts");
      const status = await rerunInPrivateNamespace(environment.signal);
      if (status !== null) {
        environment.setStatus(status);
        return;
      }
      const { runBench } = await import("../bench/run-bench.ts");
      const { benchText } = await import("../bench/bench-text.ts");
      const { writeBenchOutputs } = await import("../bench/bench-outputs.ts");
      const { statusLine } = await import("../output/status-line.ts");
      const line = statusLine(options.quiet);
      const { report, place } = await runBench({
        ...points,
        workloads: chosen,
        peers: flags.peers ?? false,
        filesystem: flags.fs as "ext4" | "xfs" | "btrfs",
        runs,
        scale,
        work: flags.work,
        driver: options.driver,
        signal: environment.signal,
        say: line.say,
        onResult: (soFar) => writeBenchOutputs(soFar, outputs),
      });
      line.done();
      if (options.json) printJson(report);
      else printLine(benchText(report, place));
      const failed = report.workloads.some(({ contestants }) => contestants.some((contestant) => contestant.failed));
      if (failed) environment.setStatus(1);
    });
}

function number(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw refuse(`${option} ${told(text)}: a number from ${least} to ${most} is wanted`);
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw refuse(`${option} ${told(text)}: a whole number from 1 to ${most} is wanted`);
}

/** `1,8,500`, ascending. */
function list(option: string, text: string, most: number): number[] {
  const numbers = text.split(",").map((word) => whole(option, word, most));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

const told = (text: string) => (text.trim() === "" ? JSON.stringify(text) : text);

function refuse(message: string, hint?: string): StorageError {
  return new StorageError({ code: "BAD_OPTION", op: "bench", message, hint });
}
