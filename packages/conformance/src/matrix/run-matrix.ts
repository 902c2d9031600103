import { randomInt } from "node:crypto";
import { type DriverModule, isStorageError } from "@copyup/core";
import { describeHost } from "@copyup/linux";
import { checksAsked } from "../run/checks-asked.ts";
import { cellHost, runCell } from "../run/run-cell.ts";
import type { CellRecord, CheckResult, SuiteSettings } from "../runner-contract.ts";
import { type OpenScratch, openScratch } from "../scratch/scratch.ts";
import type { ScratchFilesystem } from "../scratch/why-no-image.ts";
import { CellFile } from "./cell-file.ts";
import { cellKey } from "./cell-key.ts";
import { unavailableCell } from "./unavailable-cell.ts";

export interface MatrixProgress {
  readonly done: number;
  readonly total: number;
  /** Of an earlier run, found in the directory of results. */
  readonly earlier: boolean;
}

export interface MatrixOptions extends SuiteSettings {
  readonly drivers: readonly DriverModule[];
  /** A fresh one of each; without it one scratch directory: a loop image where `work` is not given and one can be made. */
  readonly filesystems?: readonly ScratchFilesystem[] | undefined;
  /** Below which directory; default: the temporary directory. */
  readonly work?: string | undefined;
  readonly version?: string | undefined;
  readonly commit?: string | null | undefined;
  /** Keeps a file a cell, and goes on where an earlier run of the same code and settings stopped. */
  readonly saved?: SavedResults | undefined;
  /** What is being worked in from here on. */
  readonly onScratch?: ((description: string) => void) | undefined;
  readonly onResult?: ((result: CheckResult, progress: MatrixProgress) => void) | undefined;
  /** Said when something was left to look at (`keep`). */
  readonly onKept?: ((what: string) => void) | undefined;
}

export interface SavedResults {
  /** Made if missing. */
  readonly directory: string;
  /** What a driver's results depend on: a digest of the suite's code and the driver's own. */
  codeOf(driver: DriverModule): string;
  /** Run everything again. */
  readonly fresh?: boolean | undefined;
}

/**
 * Runs the suite on every driver, on every filesystem. A filesystem that cannot be made here, and a driver that does not work
 * there, give a cell of skips with the reason. Throws as `runSuite` does.
 */
export async function runMatrix(options: MatrixOptions): Promise<CellRecord[]> {
  const run = new MatrixRun(options);
  const cells: CellRecord[] = [];
  for (const filesystem of options.filesystems ?? [null]) cells.push(...(await run.filesystem(filesystem)));
  return cells;
}

class MatrixRun {
  readonly #options: MatrixOptions;
  readonly #host = cellHost(describeHost());
  readonly #seed: number;
  readonly #total: number;
  #done = 0;

  constructor(options: MatrixOptions) {
    this.#options = options;
    this.#seed = options.seed ?? randomInt(2 ** 31);
    const checks = checksAsked(options).length;
    this.#total = checks * options.drivers.length * (options.filesystems?.length ?? 1);
  }

  /** All drivers on one filesystem, which is made when the first cell needs it and removed before the next one. */
  async filesystem(filesystem: ScratchFilesystem | null): Promise<CellRecord[]> {
    const cells: CellRecord[] = [];
    let scratch: OpenScratch | string | null = null;
    let failed = false;
    try {
      for (const driver of this.#options.drivers) {
        const known = filesystem === null ? null : this.#finished(driver, filesystem);
        if (known) {
          cells.push(known);
          continue;
        }
        scratch ??= await this.#open(filesystem);
        const cell = await this.#cell(driver, scratch, filesystem);
        failed ||= cell.results.some((result) => result.status === "fail");
        cells.push(cell);
      }
    } finally {
      if (scratch !== null && typeof scratch !== "string") {
        const kept = await scratch.close(this.#options.keep === true && failed);
        if (kept) this.#options.onKept?.(kept);
      }
    }
    return cells;
  }

  async #cell(
    driver: DriverModule,
    scratch: OpenScratch | string,
    filesystem: ScratchFilesystem | null,
  ): Promise<CellRecord> {
    if (typeof scratch === "string") {
      const name = filesystem ?? "unknown";
      const cell = unavailableCell({ ...this.#options, driver, filesystem: name, seed: this.#seed, why: scratch });
      for (const result of cell.results) this.#tell(result, false);
      this.#file(driver, name)?.finish(cell);
      return cell;
    }
    return (filesystem === null && this.#finished(driver, scratch.filesystem)) || this.#run(driver, scratch);
  }

  async #run(driver: DriverModule, scratch: OpenScratch): Promise<CellRecord> {
    const { checks, only, filesystemRows, heavy, runs, keep, command, signal, onStart, version, commit } =
      this.#options;
    const file = this.#file(driver, scratch.filesystem);
    const before = file?.interrupted() ?? null;
    for (const result of before?.results ?? []) this.#tell(result, true);
    const cell = await runCell({
      ...{ driver, checks, only, filesystemRows, heavy, runs, keep, command, signal, onStart, version, commit },
      work: scratch.dir,
      scratch: scratch.description,
      seed: before?.seed ?? this.#seed,
      date: before?.date,
      done: before?.results,
      onBegin: (head) => file?.begin(head, before?.results ?? []),
      onResult: (result) => {
        file?.add(result);
        this.#tell(result, false);
      },
    });
    file?.finish(cell);
    return cell;
  }

  #file(driver: DriverModule, filesystem: string): CellFile | null {
    const { saved, filesystems, work } = this.#options;
    if (!saved) return null;
    const scratch = filesystems ? "made" : (work ?? "default");
    const key = cellKey(this.#options, { code: saved.codeOf(driver), scratch });
    return new CellFile(saved.directory, { host: this.#host, filesystem, driver: driver.name }, key);
  }

  /** From an earlier run, told as if it had been run now. */
  #finished(driver: DriverModule, filesystem: string): CellRecord | null {
    const file = this.#file(driver, filesystem);
    if (this.#options.saved?.fresh) file?.forget();
    const cell = file?.finished() ?? null;
    for (const result of cell?.results ?? []) this.#tell(result, true);
    return cell;
  }

  #tell(result: CheckResult, earlier: boolean): void {
    this.#done++;
    this.#options.onResult?.(result, { done: this.#done, total: Math.max(this.#total, this.#done), earlier });
  }

  /** The scratch directory, or why that filesystem cannot be had. */
  async #open(filesystem: ScratchFilesystem | null): Promise<OpenScratch | string> {
    const { work } = this.#options;
    const scratch = await scratchOn(filesystem, work);
    if (typeof scratch !== "string") this.#options.onScratch?.(scratch.description);
    return scratch;
  }
}

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
