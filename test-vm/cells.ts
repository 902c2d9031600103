import type { Kernel } from "./kernels/kernel.ts";
import type { GuestFilesystem, Request } from "./request.ts";

/** One guest's work: the suite with one driver on one filesystem of one kernel. */
export interface Cell {
  readonly kernel: Kernel;
  readonly filesystem: GuestFilesystem;
  readonly driver: string;
}

/** Kernel by kernel, so that a first answer about each comes early. */
export function cellsOf(request: Request, kernels: readonly Kernel[]): Cell[] {
  return kernels.flatMap((kernel) =>
    request.filesystems.flatMap((filesystem) => request.drivers.map((driver) => ({ kernel, filesystem, driver }))),
  );
}

export function cellName({ kernel, filesystem, driver }: Cell): string {
  return `${kernel.name} ${filesystem} ${driver}`;
}

/**
 * The script that the guest runs: the same command a person would run there, then the cell it wrote. File descriptor 3 is
 * the result port.
 */
export function jobOf(cell: Cell, request: Request): string {
  const words = [
    ...["node", "/opt/copyup/dist/main.js", "conform", cell.driver, "--work", `/mnt/${cell.filesystem}`],
    ...request.only.flatMap((only) => ["--only", only]),
    ...request.require.filter((driver) => driver === cell.driver).flatMap((driver) => ["--require", driver]),
    ...(request.heavy ? ["--heavy"] : []),
    ...(request.runs === undefined ? [] : ["--runs", String(request.runs)]),
    ...["--results", "/run/cells", "--format", "jsonl"],
  ];
  return `${words.map(quote).join(" ")} >&3\nstatus=$?\ncat /run/cells/*.json >&3\nexit $status\n`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
