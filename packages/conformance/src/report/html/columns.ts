import type { CellRecord } from "../../runner-contract.ts";
import { kernelName } from "../cell-name.ts";

/** A column of the matrix. */
export interface Column {
  readonly cell: CellRecord;
  readonly kernel: string;
  readonly filesystem: string;
  readonly driver: string;
}

const KNOWN_FILESYSTEMS = ["ext4", "xfs", "btrfs", "tmpfs"];

/** By kernel (older first), filesystem, and driver as they come. */
export function columnsOf(cells: readonly CellRecord[]): Column[] {
  const drivers = distinct(cells.map((cell) => cell.driver));
  return cells
    .map((cell) => ({ cell, kernel: kernelName(cell.host), filesystem: cell.filesystem, driver: cell.driver }))
    .sort(
      (a, b) =>
        a.kernel.localeCompare(b.kernel, "en", { numeric: true }) ||
        rank(a.filesystem) - rank(b.filesystem) ||
        a.filesystem.localeCompare(b.filesystem) ||
        drivers.indexOf(a.driver) - drivers.indexOf(b.driver),
    );
}

function rank(filesystem: string): number {
  const at = KNOWN_FILESYSTEMS.indexOf(filesystem);
  return at < 0 ? KNOWN_FILESYSTEMS.length : at;
}

export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Which columns are meant, in few words: `everywhere`, `overlay2, aufs on ext4, xfs`, `aufs on ext4 (5.10), xfs (6.1)`. */
export function describeColumns(some: readonly Column[], all: readonly Column[]): string {
  if (some.length === all.length) return all.length === 1 ? "here" : "everywhere";
  const drivers = new Map<string, string[]>();
  for (const driver of distinct(some.map((column) => column.driver))) {
    const where = whereOf(driver, some, all);
    drivers.set(where, [...(drivers.get(where) ?? []), driver]);
  }
  return [...drivers].map(([where, names]) => `${names.join(", ")}${where}`).join("; ");
}

function whereOf(driver: string, some: readonly Column[], all: readonly Column[]): string {
  const own = all.filter((column) => column.driver === driver);
  const meant = some.filter((column) => column.driver === driver);
  if (meant.length === own.length) return "";
  const filesystems = distinct(meant.map((column) => column.filesystem));
  const kernelsOf = (filesystem: string, among: readonly Column[]) =>
    among.filter((column) => column.filesystem === filesystem).map((column) => column.kernel);
  const perFilesystem = filesystems.map((filesystem) => {
    const kernels = kernelsOf(filesystem, meant);
    return kernels.length === kernelsOf(filesystem, own).length ? "" : kernels.join(", ");
  });
  if (new Set(perFilesystem).size === 1) {
    const names =
      distinct(own.map((column) => column.filesystem)).length === filesystems.length
        ? ""
        : ` on ${filesystems.join(", ")}`;
    return `${names}${perFilesystem[0] ? `, Linux ${perFilesystem[0]}` : ""}`;
  }
  return ` on ${filesystems.map((name, i) => (perFilesystem[i] ? `${name} (${perFilesystem[i]})` : name)).join(", ")}`;
}
