import { writeFileSync } from "node:fs";
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
  readonly out?: string;
  readonly work?: string;
}

export function addBench(program: Command, environment: Environment): void {
  program
    .command("bench")
    .argument("[workload...]", "mount-10, mount-120, apply, diff, changes, copy, start (default: all)")
    .addOption(new Option("--fs <name>", "what the loop image holds").choices(["ext4", "xfs", "btrfs"]).default("ext4"))
    .option("--runs <n>", "measured runs of each contestant", "10")
    .option("--scale <x>", "size of the tree; 1 is 22,000 entries", "1")
    .option("--out <file>", "the result as JSON")
    .option("--work <dir>", "where to work (default: a fresh directory in the temporary directory)")
    .description(
      "drivers beside the limit in C and the programs people would use instead, interleaved, on a loop image",
    )
    .addHelpText(
      "after",
      `
The yardsticks in C (bench's yardstick/) do the same work as the drivers and are built with the system's cc where there is one. Every
contestant runs once a round and the reference twice, so each series knows its own noise; nothing is ranked inside it.

Examples:
  copyup bench
  copyup bench apply diff --fs xfs --runs 15 --out bench.json
  copyup --driver overlay2 bench mount-10 mount-120
`,
    )
    .action(async (workloads: string[], flags: Flags, command: Command) => {
      const options = globalOptions(command);
      const runs = number("--runs", flags.runs, 1, 1000);
      const scale = number("--scale", flags.scale, 0.001, 50);
      const { rerunInPrivateNamespace } = await import("../suite/private-namespace.ts");
      const status = await rerunInPrivateNamespace(environment.signal);
      if (status !== null) {
        environment.setStatus(status);
        return;
      }
      const out = flags.out === undefined ? null : path.resolve(flags.out);
      if (out !== null) requireWritable(out, "bench");
      const { runBench } = await import("../bench/run-bench.ts");
      const { benchText } = await import("../bench/bench-text.ts");
      const { statusLine } = await import("../output/status-line.ts");
      const line = statusLine(options.quiet);
      const { report, place } = await runBench({
        workloads,
        filesystem: flags.fs as "ext4" | "xfs" | "btrfs",
        runs: Math.round(runs),
        scale,
        work: flags.work,
        driver: options.driver,
        signal: environment.signal,
        say: line.say,
      });
      line.done();
      if (out !== null) writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
      if (options.json) printJson(report);
      else printLine(benchText(report, place));
    });
}

function number(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw new StorageError({
    code: "BAD_OPTION",
    op: "bench",
    message: `${option} ${text}: a number from ${least} to ${most} is wanted`,
  });
}
