import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CellRecord } from "../packages/conformance/src/index.ts";
import { CELL_FORMAT } from "../packages/conformance/src/matrix/cell-file.ts";
import { type Cell, cellName, commandOf } from "./cells.ts";
import type { Request } from "./request.ts";
import type { CellOutcome, ResultLine } from "./run-guest.ts";

/**
 * Finished cells as files that `copyup report` reads. A cell stands for the kernel's image, the root image's content and
 * the command in the guest: if one of them changed it is run again.
 */
export class SavedCells {
  readonly #directory: string;
  readonly #code: string;
  readonly #request: Request;
  /** Of the checkout; there is no git in the guest. */
  readonly #commit: string | null;

  constructor(directory: string, code: string, request: Request, commit: string | null) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#code = code;
    this.#request = request;
    this.#commit = commit;
  }

  /** The results, or null if it must be run. */
  get(cell: Cell): readonly ResultLine[] | null {
    const { record, key } = this.#files(cell);
    if (!existsSync(record) || !existsSync(key)) return null;
    if (readFileSync(key, "utf8").trim() !== this.#keyOf(cell)) return null;
    return (JSON.parse(readFileSync(record, "utf8")) as { results: ResultLine[] }).results;
  }

  set(cell: Cell, line: string): void {
    const { record, key } = this.#files(cell);
    const saved = JSON.parse(line) as { commit: string | null; host: { kernelPackage?: string } };
    saved.commit = this.#commit;
    if (cell.kernel.package !== null) saved.host.kernelPackage = cell.kernel.package;
    replace(record, `${JSON.stringify(saved)}\n`);
    replace(key, `${this.#keyOf(cell)}\n`);
  }

  /** What is known of a cell whose guest died, or that cannot be: told in reports, and tried again by the next run. */
  setWithoutRecord({ cell, release, cannot }: CellOutcome, results: readonly ResultLine[]): void {
    const { record, key } = this.#files(cell);
    rmSync(key, { force: true });
    const { driver, filesystem, kernel, filesystemRows } = cell;
    const kernelRelease = release ?? kernel.release ?? kernel.name;
    const told: CellRecord = {
      driver,
      summary: "",
      filesystem,
      scratch: cannot === null ? "a guest that died" : "nothing",
      host: {
        kernelRelease,
        ...{ arch: "x64", euid: 0, userNamespace: false },
        ...(kernel.package === null ? {} : { kernelPackage: kernel.package }),
      },
      version: "unknown",
      commit: this.#commit,
      date: new Date().toISOString(),
      ms: 0,
      seed: this.#request.seed ?? 0,
      heavy: this.#request.heavy,
      only: this.#request.only.length > 0 ? this.#request.only : null,
      ...(filesystemRows ? { filesystemRows } : {}),
      works: cannot === null,
      findings: cannot === null ? [] : [{ feature: filesystem, ok: false, ...MISSING, evidence: cannot }],
      deviations: [],
      unchecked: [],
      results: results.map((result) => ({ driver, filesystem, kernel: kernelRelease, ms: 0, ...result })),
    };
    replace(record, `${JSON.stringify({ type: "copyup-cell", format: CELL_FORMAT, key: "", ...told })}\n`);
  }

  #files(cell: Cell): { record: string; key: string } {
    const name = path.join(this.#directory, cellName(cell).replaceAll(/[^\w.+-]+/g, "-"));
    return { record: `${name}.json`, key: `${name}.key` };
  }

  #keyOf(cell: Cell): string {
    const { size, mtimeMs } = statSync(cell.kernel.image);
    return createHash("sha256")
      .update(JSON.stringify([this.#code, commandOf(cell, this.#request), cell.kernel.release, size, mtimeMs]))
      .digest("hex");
  }
}

const MISSING = { required: true, kind: "prerequisite", fix: null } as const;

function replace(file: string, content: string): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}
