import { allChecks, runMatrix } from "@copyup/conformance";
import { countStatuses } from "@copyup/conformance/report";
import { type DriverModule, StorageError } from "@copyup/core";
import { describeHost } from "@copyup/linux";
import { driverNames, loadDriver } from "@copyup/runtime";
import type { Environment, GlobalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";
import { statusLine } from "../output/status-line.ts";
import { VERSION } from "../version.ts";
import { codeOf } from "./code-of.ts";
import { copyupCommit } from "./commit.ts";
import type { ConformFlags } from "./conform-flags.ts";
import { failRequired } from "./fail-required.ts";
import { outputsAsked, requireWritableOutputs, streamOf, writeOutputs } from "./outputs.ts";
import { countLine, resultLines, summaryTable, uncheckedLines } from "./result-text.ts";
import { requireResultsDirectory } from "./results-directory.ts";
import { signsOfLife } from "./signs-of-life.ts";

/** What `copyup conform` does, inside the private namespace. */
export async function conform(
  named: readonly string[],
  flags: ConformFlags,
  options: GlobalOptions & { readonly command: readonly string[] },
  environment: Environment,
): Promise<void> {
  const drivers = await driversAsked(named, flags.require ?? []);
  refuseUnknownChecks(flags.only ?? []);
  const required = failRequired(flags.require ?? []);
  const outputs = outputsAsked(flags.out ?? [], flags.format);
  requireWritableOutputs(outputs, "conform");
  if (flags.results !== undefined) requireResultsDirectory(flags.results);
  const stream = flags.format !== undefined && outputs.length === 0 ? streamOf(flags.format) : null;
  const text = !stream && !options.json && !options.quiet;
  const terminal = process.stdout.isTTY === true;
  // Elsewhere than on a terminal the results' lines show that something goes on.
  const status = statusLine(options.quiet || process.stderr.isTTY !== true, 0);
  // A person at a terminal sees the line of the check that goes on; who reads a stream may be a machine watching a console.
  using life = signsOfLife(!options.quiet && (stream !== null || process.stderr.isTTY !== true));
  const at = { done: 0, total: 0 };
  let earlier = 0;
  const cells = await runMatrix({
    drivers,
    filesystems: flags.fs,
    work: flags.work,
    only: flags.only,
    filesystemRows: flags.filesystemRows,
    seed: flags.seed,
    runs: flags.runs,
    heavy: flags.heavy,
    keep: flags.keep,
    command: options.command,
    signal: environment.signal,
    version: VERSION,
    commit: copyupCommit(),
    saved: flags.results === undefined ? undefined : { directory: flags.results, codeOf: codeOf(), fresh: flags.fresh },
    onScratch(description) {
      status.done();
      if (text) printLine(`Linux ${describeHost().kernelRelease}, working in ${description}`);
    },
    onStart(check, driver) {
      life.began(`${driver} ${check.id}`);
      status.say(`${at.done + 1}${at.total > 0 ? `/${at.total}` : ""} ${driver} ${check.id} ${check.title}`);
    },
    onResult(result, progress) {
      life.ended();
      Object.assign(at, progress);
      if (progress.earlier) earlier++;
      const told = required(result);
      if (stream) process.stdout.write(stream.result(told));
      else if (text && !(terminal && told.status === "pass") && !(progress.earlier && told.status !== "fail")) {
        status.done();
        printLine(resultLines(told, progress));
      }
    },
    onKept: (what) => process.stderr.write(`copyup: ${what}\n`),
  });
  status.done();
  const judged = cells.map((cell) => ({ ...cell, results: cell.results.map(required) }));
  const results = judged.flatMap((cell) => cell.results);
  writeOutputs(outputs, judged);
  if (stream) process.stdout.write(stream.end(judged));
  const counts = countStatuses(results);
  if (counts.fail > 0) environment.setStatus(1);
  // Nothing that was asked for works here, and it was not required: not a failure of a check.
  else if (cells.every((cell) => !cell.works)) environment.setStatus(3);
  if (options.json) {
    const scratch = [...new Set(cells.map((cell) => cell.scratch))].join("; ");
    printJson({ host: describeHost(), scratch, counts, cells: cells.map(({ results: _, ...cell }) => cell), results });
  } else if (!stream) {
    if (cells.length > 1) printLine(summaryTable(judged));
    if (text && earlier > 0) printLine(`${earlier} results were there already; --fresh runs those checks again`);
    const unchecked = cells[0]?.unchecked ?? [];
    if (text && flags.only === undefined && unchecked.length > 0) printLine(uncheckedLines(unchecked));
    printLine(countLine(counts));
  }
}

/** Those named, or all; and those required beside them. */
async function driversAsked(named: readonly string[], required: readonly string[]): Promise<DriverModule[]> {
  const names = new Set([...(named.length > 0 ? named : driverNames()), ...required]);
  return Promise.all([...names].map((name) => loadDriver(name)));
}

function refuseUnknownChecks(only: readonly string[]): void {
  for (const wanted of only) {
    if (allChecks.some((check) => check.id.startsWith(wanted.toUpperCase()))) continue;
    throw new StorageError({
      code: "BAD_OPTION",
      op: "conform",
      message: `no check is called ${wanted} or begins so`,
      hint: "ids are the catalogue's: CU01, WH04, UM03, LA02, DA12, MT07, …",
    });
  }
}
