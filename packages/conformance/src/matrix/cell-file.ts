import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { CellHost, CellRecord, CheckResult } from "../runner-contract.ts";

/** Changes when an older reader would misread what is written. */
export const CELL_FORMAT = 1;
const TYPE = "copyup-cell";

export type CellHead = Omit<CellRecord, "results" | "ms">;

interface Saved {
  readonly type: typeof TYPE;
  readonly format: number;
  /** What the results depend on: the code, the checks, their settings. Results of another key are not taken over. */
  readonly key: string;
}

/**
 * A cell on disk: `NAME.json` once it is whole, written at once; until then `NAME.part.jsonl`, a head and a line for every
 * result, so that an interrupted run (or a kernel that died) goes on where it stopped.
 */
export class CellFile {
  readonly #whole: string;
  readonly #part: string;
  readonly #key: string;

  constructor(directory: string, cell: { host: CellHost; filesystem: string; driver: string }, key: string) {
    mkdirSync(directory, { recursive: true });
    const name = path.join(directory, cellFileName(cell));
    this.#whole = `${name}.json`;
    this.#part = `${name}.part.jsonl`;
    this.#key = key;
  }

  /** The whole cell of the same key; null where there is none, or where nothing could be run: that is tried again. */
  finished(): CellRecord | null {
    const saved = parseCell(readIfThere(this.#whole));
    return saved !== null && saved.key === this.#key && saved.record.works ? saved.record : null;
  }

  /** What an interrupted run of the same key left. */
  interrupted(): CellRecord | null {
    const saved = parsePart(readIfThere(this.#part));
    return saved !== null && saved.key === this.#key ? saved.record : null;
  }

  begin(head: CellHead, before: readonly CheckResult[]): void {
    const lines = [{ ...this.#stamp(), ...head }, ...before];
    replaceFile(this.#part, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  add(result: CheckResult): void {
    appendFileSync(this.#part, `${JSON.stringify(result)}\n`);
  }

  finish(record: CellRecord): void {
    replaceFile(this.#whole, `${JSON.stringify({ ...this.#stamp(), ...record })}\n`);
    rmSync(this.#part, { force: true });
  }

  /** For a new beginning. */
  forget(): void {
    rmSync(this.#whole, { force: true });
    rmSync(this.#part, { force: true });
  }

  #stamp(): Saved {
    return { type: TYPE, format: CELL_FORMAT, key: this.#key };
  }
}

/** `6.18.44-x64-ext4-overlay2`; an ordinary user's run beside root's. */
export function cellFileName({
  host,
  filesystem,
  driver,
}: {
  host: CellHost;
  filesystem: string;
  driver: string;
}): string {
  const who = host.userNamespace ? "userns" : host.euid === 0 ? null : `uid${host.euid}`;
  return [host.kernelRelease, host.arch, who, filesystem, driver]
    .filter((part) => part !== null)
    .map((part) => part.replace(/[^A-Za-z0-9._+-]/g, "_"))
    .join("-");
}

export interface SavedCell {
  readonly key: string;
  readonly record: CellRecord;
}

/** Null for what is no cell of this format. */
export function parseCell(text: string | null): SavedCell | null {
  const saved = parseJson(text) as (Saved & CellRecord) | null;
  if (saved?.type !== TYPE || saved.format !== CELL_FORMAT || !Array.isArray(saved.results)) return null;
  const { type: _type, format: _format, key, ...record } = saved;
  return { key, record };
}

/** The last line of a killed writer may be torn; it was then not done. */
export function parsePart(text: string | null): SavedCell | null {
  const [first = "", ...lines] = (text ?? "").split("\n");
  const head = parseJson(first) as (Saved & CellHead) | null;
  if (head?.type !== TYPE || head.format !== CELL_FORMAT) return null;
  const results = lines.flatMap((line) => (parseJson(line) as CheckResult | null) ?? []);
  const { type: _type, format: _format, key, ...rest } = head;
  return {
    key,
    record: { ...rest, ms: Math.round(results.reduce((sum, { ms }) => sum + ms, 0)), results, interrupted: true },
  };
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Whole or not at all, also if the machine dies now. */
function replaceFile(file: string, content: string): void {
  const next = `${file}.new`;
  writeFileSync(next, content);
  const fd = openSync(next, "r");
  fsyncSync(fd);
  closeSync(fd);
  renameSync(next, file);
}
