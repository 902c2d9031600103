import { type Command, InvalidArgumentError, Option } from "commander";
import { driverModulesAsked } from "../driver-modules.ts";
import { type Environment, globalOptions } from "../environment.ts";
import type { ConformFlags } from "../suite/conform-flags.ts";

/** An empty one is a variable that was not set: it would ask for everything, or require nothing. */
function list(value: string, before: string[] = []): string[] {
  const words = value.split(",").filter(Boolean);
  if (words.length === 0) throw new InvalidArgumentError("it names nothing");
  return [...before, ...words];
}

/** A file's name may hold a comma. */
const append = (value: string, before: string[] = []) => [...before, value];

const FILESYSTEMS = ["ext4", "xfs", "btrfs", "tmpfs"];

function parseFilesystems(value: string, before: string[] = []): string[] {
  const all = list(value, before);
  const unknown = all.find((name) => !FILESYSTEMS.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`not ${unknown}: ${FILESYSTEMS.join(", ")}`);
  return [...new Set(all)];
}

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
    .option("--filesystem-rows", "only the checks that rest on the filesystem below")
    .addOption(new Option("--format <format>", "how to write the results").choices(["tap", "junit", "jsonl", "html"]))
    .option("--out <file>", "a report; .html, .md, .tap, .xml (JUnit), .jsonl or .json; may be repeated", append)
    .option("--require <driver>", "a skipped check of these drivers is a failure", list)
    .option("--heavy", "the checks that take long, too")
    .option(
      "--fs <names>",
      `on a fresh filesystem of each of these: ${FILESYSTEMS.join(", ")} (needs root)`,
      parseFilesystems,
    )
    .option("--seed <n>", "for reproducible random choices", parseSeed)
    .option("--runs <n>", "random programs that each differential check (RD) tries; default 200", parseRuns)
    .option("--keep", "leave the scratch directories of failed checks")
    .option(
      "--results <dir>",
      "keep a file for each driver and filesystem there, and go on where a run was interrupted",
    )
    .option("--fresh", "with --results: run again what is there already")
    .option("--work <dir>", "where to work (default: a fresh directory in the temporary directory)")
    .option("--profile", "run nothing: print what each driver promises and disclaims there, and why")
    .option("--verbose", "with --profile: each promise by name")
    .description("run the conformance suite: what a driver promises holds, what it disclaims fails as documented")
    .addHelpText(
      "after",
      `
Examples:
  copyup conform
  copyup conform overlay2 --only CU --only WH04
  copyup conform --fs ext4,xfs,btrfs,tmpfs --heavy --results reports/conform --out reports/conform.html
  copyup conform --profile overlay2 --fs xfs
  copyup conform --require overlay2,plain-copy --out report.html --out results.jsonl --out junit.xml
  copyup conform plain-copy --format tap
`,
    )
    .action(async (named: string[], flags: ConformFlags, command: Command) => {
      const options = globalOptions(command);
      const drivers = named.length > 0 ? named : options.driver === undefined ? [] : [options.driver];
      const { rerunInPrivateNamespace } = await import("../suite/private-namespace.ts");
      const status = await rerunInPrivateNamespace(environment.signal);
      if (status !== null) {
        environment.setStatus(status);
        return;
      }
      if (flags.profile) {
        const { conformProfile } = await import("./conform-profile.ts");
        await conformProfile(drivers, flags, options, environment);
        return;
      }
      const { conform } = await import("../suite/conform.ts");
      const modules = driverModulesAsked(command).flatMap((module) => ["--driver-module", module]);
      await conform(drivers, flags, { ...options, command: ["copyup", ...modules, "conform"] }, environment);
    });
}
