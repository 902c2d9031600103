import { writeFileSync } from "node:fs";
import type { CheckResult } from "@copyup/conformance";
import { StorageError } from "@copyup/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";

interface Flags {
  only?: string[];
  format?: "jsonl";
  out?: string;
  require?: string[];
  seed?: number;
  runs?: number;
  keep?: boolean;
  work?: string;
}

const list = (value: string, before: string[] = []) => [...before, ...value.split(",").filter(Boolean)];

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("a seed is a whole number");
  return seed;
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new InvalidArgumentError("a number of programs is 1 or more");
  return runs;
}

export function addConform(program: Command, environment: Environment): void {
  program
    .command("conform")
    .argument("[driver...]", "which drivers; default: all that work here")
    .option("--only <id>", "only these checks: an id or its beginning (CU, CU07); may be repeated", list)
    .addOption(new Option("--format <format>", "one object a line for each check and driver").choices(["jsonl"]))
    .option("--out <file>", "write the results there, in that format (default jsonl)")
    .option("--require <driver>", "a skipped check of these drivers is a failure", list)
    .option("--seed <n>", "for reproducible random choices", parseSeed)
    .option("--runs <n>", "random programs that each differential check (RD) tries; default 200", parseRuns)
    .option("--keep", "leave the scratch directories of failed checks")
    .option("--work <dir>", "where to work (default: a fresh directory in the temporary directory)")
    .description("run the conformance suite: what a driver promises holds, what it disclaims fails as documented")
    .addHelpText(
      "after",
      "\nExamples:\n  copyup conform\n  copyup conform overlay2 --only CU --only WH04\n  copyup conform --require overlay2,plain-copy --format jsonl --out results.jsonl\n",
    )
    .action(async (named: string[], flags: Flags, command: Command) => {
      const options = globalOptions(command);
      const drivers = named.length > 0 ? named : options.driver === undefined ? [] : [options.driver];
      const { rerunInPrivateNamespace } = await import("../suite/private-namespace.ts");
      const status = await rerunInPrivateNamespace(environment.signal);
      if (status !== null) {
        environment.setStatus(status);
        return;
      }
      await conform(
        [...drivers, ...(flags.require ?? []).filter((name) => drivers.length > 0 && !drivers.includes(name))],
        flags,
        options,
        environment,
      );
    });
}

async function conform(
  drivers: string[],
  flags: Flags,
  options: ReturnType<typeof globalOptions>,
  environment: Environment,
): Promise<void> {
  const { allChecks, withScratch } = await import("@copyup/conformance");
  const { describeContext, loadDriver } = await import("@copyup/runtime");
  const { countStatuses, runDrivers } = await import("../suite/run-suite.ts");
  for (const name of [...drivers, ...(flags.require ?? [])]) await loadDriver(name);
  for (const only of flags.only ?? []) {
    if (allChecks.some((check) => check.id.startsWith(only))) continue;
    throw new StorageError({
      code: "BAD_OPTION",
      op: "conform",
      message: `no check is called ${only} or begins so`,
      hint: "ids are the catalogue's: CU01, WH04, UM03, LA02, DA12, MT07, …",
    });
  }
  const lines = flags.format === "jsonl" && flags.out === undefined;
  await withScratch(
    { work: flags.work, image: flags.work === undefined ? "wanted" : "needed", keep: flags.keep },
    async (scratch) => {
      const context = describeContext(scratch.dir);
      const text = !lines && !options.json && !options.quiet;
      if (text) printLine(`Linux ${context.host.kernelRelease}, working in ${scratch.description}`);
      const outcome = await runDrivers({
        drivers,
        require: flags.require ?? [],
        work: scratch.dir,
        context,
        only: flags.only,
        seed: flags.seed,
        runs: flags.runs,
        keep: flags.keep,
        signal: environment.signal,
        onResult(result, progress) {
          if (lines) printLine(JSON.stringify(result));
          else if (text) printResult(result, progress);
        },
      });
      if (flags.out !== undefined)
        writeFileSync(flags.out, outcome.results.map((result) => `${JSON.stringify(result)}\n`).join(""));
      if (outcome.failed) environment.setStatus(1);
      // Nothing that was asked for works here, and it was not required: not a failure of a check.
      else if (outcome.probes.every((probe) => !probe.works)) environment.setStatus(3);
      const counts = countStatuses(outcome.results);
      if (options.json)
        printJson({ host: context.host, scratch: scratch.description, counts, results: outcome.results });
      else if (!lines)
        printLine(
          `${counts.pass} passed, ${counts.deviates} deviating as declared, ${counts.fail} failed, ${counts.skip} skipped`,
        );
    },
  );
}

const WORDS = { pass: "ok", deviates: "deviates", fail: "FAIL", skip: "skip" } as const;

function printResult(result: CheckResult, progress: { done: number; total: number }): void {
  const width = String(progress.total).length;
  const head = `${String(progress.done).padStart(width)}/${progress.total} ${WORDS[result.status].padEnd(8)} ${result.driver} ${result.id} ${result.title}`;
  printLine(result.reason ? `${head}\n${" ".repeat(2 * width + 2)}${result.reason}` : head);
}
