import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { cellsOf } from "./cells.ts";
import { codeFingerprint } from "./code-fingerprint.ts";
import { requirePrograms } from "./host-programs.ts";
import { makeRootImage } from "./image/root-image.ts";
import { debianKernel } from "./kernels/debian.ts";
import { kernelFromPath } from "./kernels/from-path.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { MATRIX_RESULTS, PROJECT, parseRequest, type Request, UsageError } from "./request.ts";
import { dead, runCells } from "./run-cells.ts";
import { SavedCells } from "./saved-cells.ts";
import { Summary } from "./summary.ts";
import { USAGE } from "./usage.ts";
import { writeReport } from "./write-report.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Runs what was asked for; gives the exit status. */
async function run(request: Request, signal: AbortSignal): Promise<number> {
  // Before anything is downloaded: a file that is no kernel is a mistake on the command line.
  const own = request.kernels.filter((name) => !name.startsWith("debian:"));
  const known = new Map(own.map((name) => [name, kernelFromPath(name, request.modules)]));
  requirePrograms(say);
  const summary = new Summary();
  const kernels = request.kernels.flatMap((name) => known.get(name) ?? found(name, request, summary));
  signal.throwIfAborted();
  if (kernels.length > 0) await runOn(kernels, request, summary, signal);
  if (isCommitted(request)) writeReport(MATRIX_RESULTS, say);
  process.stdout.write(`${summary.text()}\n`);
  return summary.failed ? 1 : 0;
}

/** Part of the suite, or cells kept elsewhere, are not the matrix that README shows. */
function isCommitted({ matrix, results, only }: Request): boolean {
  return matrix && results === MATRIX_RESULTS && only.length === 0;
}

async function runOn(
  kernels: readonly Kernel[],
  request: Request,
  summary: Summary,
  signal: AbortSignal,
): Promise<void> {
  const directory = mkdtempSync(path.join(workDirectory(), "copyup-vm-"));
  try {
    say("making the guest's root image");
    const { image, missing } = makeRootImage({ project: PROJECT, directory });
    if (missing.length > 0) say(`not on this machine, so not in the guest: ${missing.join(", ")}`);
    const saved =
      request.results === undefined
        ? null
        : new SavedCells(request.results, codeFingerprint(PROJECT), request, commit());
    const cells = cellsOf(request, kernels);
    await runCells(cells, { request, rootImage: image, directory, saved, summary, signal, say });
  } finally {
    if (request.keep) say(`kept ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}

/** A kernel that cannot be had is a failure of its own; the others are run all the same. */
function found(name: string, request: Request, summary: Summary): Kernel[] {
  say(`looking for ${name}`);
  try {
    return [debianKernel(name.slice("debian:".length), request.cache, say)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`${name}: ${reason}`);
    summary.add(name, [dead(reason)], "this kernel could not be had");
    return [];
  }
}

function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", PROJECT, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const dirty = git("status", "--porcelain", "--untracked-files=no") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${dirty ? "-dirty" : ""}`;
  } catch {
    // No git, or no repository.
    return null;
  }
}

/** In memory where there is much of it, and a place for it: the images are sparse and short-lived. */
function workDirectory(): string {
  try {
    const free = /MemAvailable:\s+(\d+) kB/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    const { bavail, bsize } = statfsSync("/dev/shm");
    return Number(free) > 8 * 1024 ** 2 && bavail * bsize > 4 * 1024 ** 3 ? "/dev/shm" : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
try {
  const request = parseRequest(process.argv.slice(2));
  if (request === "help") process.stdout.write(USAGE);
  else process.exitCode = await run(request, abort.signal);
} catch (error) {
  if (abort.signal.aborted) say("test:vm: interrupted; what was finished is kept where --results was given");
  else say(`test:vm: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = abort.signal.aborted ? 130 : error instanceof UsageError ? 2 : 1;
}
