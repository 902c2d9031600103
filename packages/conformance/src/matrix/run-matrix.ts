import { randomInt } from "node:crypto";
import { type DriverModule, isStorageError } from "@copyup/core";
import { allChecks } from "../checks/index.ts";
import { type CellOptions, runCell } from "../run/run-cell.ts";
import { selectChecks } from "../run/select.ts";
import type { CellRecord, CheckResult, SuiteSettings } from "../runner-contract.ts";
import { type OpenScratch, openScratch } from "../scratch/scratch.ts";
import type { ScratchFilesystem } from "../scratch/why-no-image.ts";
import { unavailableCell } from "./unavailable-cell.ts";

export interface MatrixProgress {
  readonly done: number;
  readonly total: number;
}

export interface MatrixOptions extends SuiteSettings {
  readonly drivers: readonly DriverModule[];
  /** A fresh one of each; without it one scratch directory: a loop image where `work` is not given and one can be made. */
  readonly filesystems?: readonly ScratchFilesystem[] | undefined;
  /** Below which directory; default: the temporary directory. */
  readonly work?: string | undefined;
  readonly version?: string | undefined;
  readonly commit?: string | null | undefined;
  /** What is being worked in from here on. */
  readonly onScratch?: ((description: string) => void) | undefined;
  readonly onResult?: ((result: CheckResult, progress: MatrixProgress) => void) | undefined;
  /** Said when something was left to look at (`keep`). */
  readonly onKept?: ((what: string) => void) | undefined;
}

/**
 * Runs the suite on every driver, on every filesystem. A filesystem that cannot be made here, and a driver that does not work
 * there, give a cell of skips with the reason. Throws as `runSuite` does.
 */
export async function runMatrix(options: MatrixOptions): Promise<CellRecord[]> {
  const { drivers } = options;
  const checks = selectChecks(options.checks ?? allChecks, options.only);
  const seed = options.seed ?? randomInt(2 ** 31);
  const filesystems = options.filesystems ?? [null];
  const total = checks.length * drivers.length * filesystems.length;
  let done = 0;
  const onResult = (result: CheckResult) => {
    done++;
    options.onResult?.(result, { done, total: Math.max(total, done) });
  };
  const cells: CellRecord[] = [];
  for (const filesystem of filesystems) {
    const scratch = await scratchOn(filesystem, options.work);
    if (typeof scratch === "string") {
      for (const driver of drivers) {
        const cell = unavailableCell({ ...options, driver, filesystem: filesystem ?? "unknown", seed, why: scratch });
        cell.results.forEach(onResult);
        cells.push(cell);
      }
      continue;
    }
    options.onScratch?.(scratch.description);
    let failed = false;
    try {
      for (const driver of drivers) {
        const cell = await runCell(settingsOf(options, { driver, seed, scratch, onResult }));
        failed ||= cell.results.some((result) => result.status === "fail");
        cells.push(cell);
      }
    } finally {
      const kept = await scratch.close(options.keep === true && failed);
      if (kept) options.onKept?.(kept);
    }
  }
  return cells;
}

function settingsOf(
  options: MatrixOptions,
  cell: { driver: DriverModule; seed: number; scratch: OpenScratch; onResult: (result: CheckResult) => void },
): CellOptions {
  const { checks, only, runs, keep, heavy, signal, onStart, version, commit } = options;
  const { driver, seed, scratch, onResult } = cell;
  const settings = { checks, only, runs, keep, heavy, signal, onStart, version, commit, driver, seed, onResult };
  return { ...settings, work: scratch.dir, scratch: scratch.description };
}

/** The scratch directory, or why that filesystem cannot be had. */
async function scratchOn(
  filesystem: ScratchFilesystem | null,
  work: string | undefined,
): Promise<OpenScratch | string> {
  if (filesystem === null) return openScratch({ work, image: work === undefined ? "wanted" : "needed" });
  try {
    return await openScratch({ work, image: "required", imageFilesystem: filesystem });
  } catch (error) {
    // A directory to work in that is no directory is the caller's mistake.
    if (!isStorageError(error) || error.code === "BAD_OPTION") throw error;
    return `${error.message}${error.hint ? ` (${error.hint})` : ""}`;
  }
}
