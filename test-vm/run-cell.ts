import { mkdirSync } from "node:fs";
import path from "node:path";
import { type BootOutcome, boot } from "./boot/boot.ts";
import { type Cell, jobOf } from "./cells.ts";
import { makeDisk } from "./image/disks.ts";
import { makeInitramfs } from "./image/initramfs.ts";
import type { Request } from "./request.ts";

/** What of a result line the table needs; the rest is passed on as it came. */
export interface ResultLine {
  readonly id: string;
  readonly title: string;
  readonly status: "pass" | "fail" | "deviates" | "skip";
  readonly reason?: string;
}

export interface CellOutcome {
  readonly boot: BootOutcome;
  readonly results: readonly ResultLine[];
  /** The cell's record, one line of JSON; null where the guest did not live to write it. */
  readonly record: string | null;
}

export interface CellSetting {
  readonly request: Request;
  readonly rootImage: string;
  /** Of this cell alone. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onResult: (result: ResultLine) => void;
}

/**
 * Boots the cell's kernel and runs the suite in it. A guest that panics is booted once more: emulated processors have bugs
 * that look like the kernel's (QEMU's cmpxchg16b did); what fails twice is told.
 */
export async function runCell(cell: Cell, setting: CellSetting): Promise<CellOutcome> {
  const first = await bootOnce(cell, setting, "first");
  return first.boot.kind === "panic" ? await bootOnce(cell, setting, "second") : first;
}

async function bootOnce(cell: Cell, setting: CellSetting, attempt: string): Promise<CellOutcome> {
  const { request } = setting;
  const directory = path.join(setting.directory, attempt);
  mkdirSync(directory, { recursive: true });
  const disk = cell.filesystem === "tmpfs" ? null : cell.filesystem;
  const results: ResultLine[] = [];
  let record: string | null = null;
  const outcome = await boot({
    kernel: cell.kernel,
    initramfs: makeInitramfs({
      kernel: cell.kernel,
      directory,
      // Some checks make an xfs or btrfs of their own, whatever they run on.
      modules: ["xfs", "btrfs"],
      job: jobOf(cell, request),
    }),
    rootImage: setting.rootImage,
    disks: disk === null ? {} : { [disk]: makeDisk(disk, directory) },
    directory,
    memoryMegabytes: request.memory,
    cpus: request.jobs > 1 ? 1 : 2,
    limitSeconds: request.limit,
    silenceSeconds: 180,
    signal: setting.signal,
    onLine(line) {
      const object = parse(line);
      if (object === null) return;
      if ((object as { type?: string }).type === "copyup-cell") record = line;
      else if (typeof (object as Partial<ResultLine>).status === "string") {
        results.push(object as ResultLine);
        setting.onResult(object as ResultLine);
      }
    },
  });
  return { boot: outcome, results, record };
}

/** The port may carry a torn line of a guest that died. */
function parse(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
