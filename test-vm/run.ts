import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Cell, cellName, cellsOf } from "./cells.ts";
import { codeFingerprint } from "./code-fingerprint.ts";
import { requirePrograms } from "./host-programs.ts";
import { makeRootImage } from "./image/root-image.ts";
import { debianKernel } from "./kernels/debian.ts";
import { kernelFromPath } from "./kernels/from-path.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { parseRequest, type Request, USAGE, UsageError } from "./request.ts";
import { type CellOutcome, type ResultLine, runCell } from "./run-cell.ts";
import { SavedCells } from "./saved-cells.ts";
import { Summary } from "./summary.ts";

const project = path.resolve(import.meta.dirname, "..");
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Runs what was asked for; gives the exit status. */
async function run(request: Request, signal: AbortSignal): Promise<number> {
  requirePrograms(say);
  const kernels = request.kernels.map((name) => findKernel(name, request));
  const directory = mkdtempSync(path.join(workDirectory(), "copyup-vm-"));
  try {
    say("making the guest's root image");
    const { image, missing } = makeRootImage({ project, directory });
    if (missing.length > 0) say(`not on this machine, so not in the guest: ${missing.join(", ")}`);
    const saved =
      request.results === undefined ? null : new SavedCells(request.results, codeFingerprint(project), request);
    const summary = new Summary();
    const waiting = cellsOf(request, kernels);
    const worker = async () => {
      for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
        const before = saved?.get(cell) ?? null;
        if (before !== null) summary.add(cell, resultsOf(before), "as before");
        else summary.add(cell, ...(await fresh(cell, request, image, directory, saved, signal)));
      }
    };
    await Promise.all(Array.from({ length: request.jobs }, worker));
    process.stdout.write(`${summary.text()}\n`);
    return summary.failed ? 1 : 0;
  } finally {
    if (request.keep) say(`kept ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}

function findKernel(name: string, request: Request): Kernel {
  const version = /^debian:(.*)$/.exec(name)?.[1];
  if (version === undefined) return kernelFromPath(name, request.modules);
  say(`looking for Debian's kernel ${version}`);
  return debianKernel(version, request.cache);
}

async function fresh(
  cell: Cell,
  request: Request,
  rootImage: string,
  directory: string,
  saved: SavedCells | null,
  signal: AbortSignal,
): Promise<[readonly ResultLine[], string]> {
  const name = cellName(cell);
  say(`${name}: booting`);
  const outcome = await runCell(cell, {
    request,
    rootImage,
    directory: path.join(directory, name.replaceAll(/[^\w.+-]+/g, "-")),
    signal,
    onResult(result) {
      if (result.status === "fail") say(`${name}: FAIL ${result.id} ${result.title}\n    ${result.reason ?? ""}`);
    },
  });
  const { record } = outcome;
  const { seconds } = outcome.boot;
  if (record !== null) saved?.set(cell, record);
  const broken = whatBroke(outcome);
  if (broken === null) return [outcome.results, `${seconds.toFixed(0)} s`];
  say(`${name}: ${broken}; the console's last lines:\n${outcome.boot.consoleTail}`);
  return [
    [
      ...outcome.results,
      { id: "GUEST", title: "the guest lives until the suite has ended", status: "fail", reason: broken },
    ],
    `${seconds.toFixed(0)} s, ${outcome.boot.kind}`,
  ];
}

/** Why there is no whole answer, or null. */
function whatBroke({ boot, results, record }: CellOutcome): string | null {
  const after = results.at(-1);
  const where = after === undefined ? "before the first check" : `after ${after.id}`;
  if (boot.kind === "panic") return `the kernel panicked, twice, ${where}`;
  if (boot.kind === "hang") return `nothing happened any more ${where}`;
  if (boot.kind === "timeout") return `the time was over ${where} (--limit)`;
  if (boot.kind === "died") return `the machine ended by itself ${where}`;
  return record === null && results.length === 0 ? `the command in the guest ended with status ${boot.status}` : null;
}

function resultsOf(record: string): readonly ResultLine[] {
  return (JSON.parse(record) as { results: ResultLine[] }).results;
}

/** In memory where there is much of it: the images are sparse and short-lived. */
function workDirectory(): string {
  try {
    const free = /MemAvailable:\s+(\d+) kB/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    return Number(free) > 8 * 1024 ** 2 ? "/dev/shm" : os.tmpdir();
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
  say(`test:vm: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
