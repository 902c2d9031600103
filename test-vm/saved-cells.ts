import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Cell, cellName, jobOf } from "./cells.ts";
import type { Request } from "./request.ts";

/**
 * Finished cells as files that `copyup report` reads. A cell stands for the kernel's image, the root image's content and
 * the command in the guest: if one of them changed it is run again.
 */
export class SavedCells {
  readonly #directory: string;
  readonly #code: string;
  readonly #request: Request;

  constructor(directory: string, code: string, request: Request) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#code = code;
    this.#request = request;
  }

  /** The record's line, or null if it must be run. */
  get(cell: Cell): string | null {
    const { record, key } = this.#files(cell);
    if (!existsSync(record) || !existsSync(key)) return null;
    return readFileSync(key, "utf8").trim() === this.#keyOf(cell) ? readFileSync(record, "utf8") : null;
  }

  set(cell: Cell, line: string): void {
    const { record, key } = this.#files(cell);
    replace(record, `${line.trim()}\n`);
    replace(key, `${this.#keyOf(cell)}\n`);
  }

  #files(cell: Cell): { record: string; key: string } {
    const name = path.join(this.#directory, cellName(cell).replaceAll(/[^\w.+-]+/g, "-"));
    return { record: `${name}.json`, key: `${name}.key` };
  }

  #keyOf(cell: Cell): string {
    const { size, mtimeMs } = statSync(cell.kernel.image);
    return createHash("sha256")
      .update(JSON.stringify([this.#code, jobOf(cell, this.#request), cell.kernel.release, size, mtimeMs]))
      .digest("hex");
  }
}

function replace(file: string, content: string): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}
