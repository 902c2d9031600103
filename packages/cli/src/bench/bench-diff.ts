import { existsSync } from "node:fs";
import { type BenchDifferences, compareResults, regressionsOf, WORKLOADS } from "@copyup/bench";
import { readBenchResult } from "@copyup/bench/report";
import { StorageError } from "@copyup/core";
import { printJson, printLine } from "../output/print.ts";
import { diffText } from "./diff-text.ts";

/** A workload's name has neither a dot nor a slash, so `bench diff copy` are two workloads and `bench diff A.json B.json` is this. */
export function isDiff(names: readonly string[]): boolean {
  return names[0] === "diff" && names.slice(1).some((name) => /[./]/.test(name) || isOnlyFile(name));
}

const isOnlyFile = (name: string) => existsSync(name) && !WORKLOADS.some((workload) => workload.name === name);

/** Prints what differs. True if something of copyup's got worse. Throws BAD_OPTION, IO. */
export function printDiff(files: readonly string[], json: boolean): boolean {
  const [before, after, ...more] = files;
  if (before === undefined || after === undefined || more.length > 0)
    throw new StorageError({
      code: "BAD_OPTION",
      op: "bench",
      message: `diff compares two results, not ${files.length}`,
      hint: "copyup bench diff BEFORE.json AFTER.json",
    });
  const differences: BenchDifferences = compareResults(readBenchResult(before), readBenchResult(after));
  if (json) printJson(differences);
  else printLine(diffText(differences, before, after));
  return regressionsOf(differences).length > 0;
}
