import { mkdirSync } from "node:fs";
import { type BootOutcome, boot } from "./boot/boot.ts";
import { type Cell, jobOf } from "./cells.ts";
import { type DiskFilesystem, makeDisk } from "./image/disks.ts";
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
  readonly cell: Cell;
  readonly results: readonly ResultLine[];
  /** The cell's record, one line of JSON; null where the guest did not live to write it. */
  readonly record: string | null;
  /** Of the command in the guest; null where it did not end. */
  readonly status: number | null;
  readonly seconds: number;
  /** `uname -r`; null where the guest did not come so far. */
  readonly release: string | null;
  /** Why nothing can be run there at all, or null. */
  readonly cannot: string | null;
}

export interface GuestOutcome {
  readonly boot: BootOutcome;
  /** Those that were begun; at least the first. Only the last one can be without a status. */
  readonly cells: readonly CellOutcome[];
}

export interface GuestSetting {
  readonly request: Request;
  readonly rootImage: string;
  /** Of this guest alone. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onResult: (cell: Cell, result: ResultLine) => void;
  readonly onCell: (outcome: CellOutcome) => void;
}

/** Boots a kernel and runs cells of it, one after the other. `cells` is not empty and of one kernel. */
export async function runGuest(cells: readonly [Cell, ...Cell[]], setting: GuestSetting): Promise<GuestOutcome> {
  const { request, directory } = setting;
  const { kernel } = cells[0];
  mkdirSync(directory, { recursive: true });
  const disks = new Set(cells.map(({ filesystem }) => filesystem).filter((one) => one !== "tmpfs"));
  const begun: Begun[] = [];
  const begin = (at: number) => {
    const cell = cells[at];
    const nothing = { record: null, status: null, release: begun[0]?.release ?? null, cannot: null };
    if (cell) begun.push({ cell, results: [], ...nothing, from: performance.now() });
  };
  begin(0);
  const outcome = await boot({
    kernel,
    initramfs: makeInitramfs({
      kernel,
      directory,
      // Some checks make an xfs or btrfs of their own, whatever they run on.
      modules: ["xfs", "btrfs"],
      job: jobOf(cells, request),
    }),
    rootImage: setting.rootImage,
    disks: Object.fromEntries([...disks].map((disk: DiskFilesystem) => [disk, makeDisk(disk, directory)])),
    directory,
    memoryMegabytes: request.memory,
    cpus: request.jobs > 1 ? 1 : 2,
    limitSeconds: request.limit * cells.length,
    silenceSeconds: 300,
    signal: setting.signal,
    onLine(line) {
      const told = parse(line);
      const now = begun.at(-1);
      if (told === null || now === undefined) return;
      if (told.type === "cell" && told.at === 0) now.release = String(told.release);
      else if (told.type === "cell" && typeof told.at === "number") begin(told.at);
      else if (told.type === "cannot") now.cannot = String(told.why);
      else if (told.type === "copyup-cell") now.record = line;
      else if (told.type === "cell-end" && typeof told.status === "number") {
        now.status = told.status;
        setting.onCell(finished(now));
      } else if (typeof told.id === "string" && typeof told.status === "string") {
        const result = told as unknown as ResultLine;
        now.results.push(result);
        setting.onResult(now.cell, result);
      }
    },
  });
  return { boot: outcome, cells: begun.map(finished) };
}

/** A cell as it fills. */
type Begun = { -readonly [K in keyof Omit<CellOutcome, "results" | "seconds">]: CellOutcome[K] } & {
  results: ResultLine[];
  from: number;
};

function finished({ from, ...cell }: Begun): CellOutcome {
  return { ...cell, seconds: (performance.now() - from) / 1000 };
}

/** The port may carry a torn line of a guest that died. */
function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
