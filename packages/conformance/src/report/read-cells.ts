import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { StorageError } from "@copyup/core";
import { parseCell, parsePart } from "../matrix/cell-file.ts";
import type { CellRecord, CheckResult } from "../runner-contract.ts";
import { cellName } from "./cell-name.ts";
import { parseCompact } from "./compact.ts";

/**
 * The cells in these files and directories: a directory of results (`conform --results`), single files of one, a
 * matrix in one file, and JSON lines, which tell results but neither probes nor profiles. Of two runs of a cell the later one counts. IO, BAD_OPTION.
 */
export function readCells(names: readonly string[]): CellRecord[] {
  const newest = new Map<string, CellRecord>();
  for (const cell of names.flatMap(cellsAt)) {
    const name = cellName(cell);
    const other = newest.get(name);
    if (!other || later(cell, other)) newest.set(name, cell);
  }
  return [...newest.values()];
}

/** A whole cell before what is left of an interrupted one, whenever that was. */
function later(cell: CellRecord, other: CellRecord): boolean {
  if (cell.interrupted !== other.interrupted) return other.interrupted === true;
  return cell.date >= other.date;
}

function cellsAt(name: string): CellRecord[] {
  if (isDirectory(name)) {
    const files = readdirSync(name).filter((file) => /\.jsonl?$/.test(file));
    return files.sort().flatMap((file) => cellsIn(path.join(name, file)) ?? []);
  }
  const cells = cellsIn(name);
  if (cells === null)
    throw new StorageError({
      code: "BAD_OPTION",
      op: "report",
      path: name,
      message: `${name} holds no results of the suite`,
      hint: "what `copyup conform --results DIR` or `--out FILE.jsonl` wrote",
    });
  return cells;
}

function isDirectory(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    throw new StorageError({ code: "IO", op: "report", path: name, errno, message: `cannot read ${name}: ${errno}` });
  }
}

function cellsIn(file: string): CellRecord[] | null {
  const text = readFileSync(file, "utf8");
  const saved = parseCell(text) ?? parsePart(text);
  if (saved) return [saved.record];
  const many = parseCompact(text);
  if (many) return many;
  return cellsOfLines(text, statSync(file).mtime.toISOString());
}

function cellsOfLines(text: string, date: string): CellRecord[] | null {
  const cells = new Map<string, CheckResult[]>();
  for (const line of text.split("\n").filter(Boolean)) {
    const result = parseResult(line);
    if (result === null) return null;
    const name = [result.kernel, result.filesystem, result.driver].join("\0");
    cells.set(name, [...(cells.get(name) ?? []), result]);
  }
  return cells.size === 0 ? null : [...cells.values()].map((results) => cellOf(results, date));
}

function parseResult(line: string): CheckResult | null {
  try {
    const result = JSON.parse(line) as CheckResult;
    const whole = [result.driver, result.filesystem, result.kernel, result.id, result.title, result.status];
    return whole.every((field) => typeof field === "string") ? result : null;
  } catch {
    return null;
  }
}

/** What lines do not tell is left unsaid. */
function cellOf(results: readonly CheckResult[], date: string): CellRecord {
  const { driver = "", filesystem = "", kernel = "" } = results[0] ?? {};
  return {
    driver,
    summary: "",
    filesystem,
    scratch: "not told",
    host: { kernelRelease: kernel, arch: "unknown", euid: 0, userNamespace: false },
    version: "unknown",
    commit: null,
    date,
    ms: Math.round(results.reduce((sum, { ms }) => sum + ms, 0)),
    seed: results.find(({ seed }) => seed !== undefined)?.seed ?? 0,
    heavy: false,
    only: null,
    works: results.some(({ status }) => status !== "skip"),
    findings: [],
    deviations: [],
    unchecked: [],
    results,
  };
}
