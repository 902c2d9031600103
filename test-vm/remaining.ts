import type { Cell } from "./cells.ts";

/**
 * Seconds that a cell takes, one processor each and two guests at once, on the machine where this was written: only how they
 * compare matters, because they are scaled by what the cells done so far took.
 */
const WHOLE: Readonly<Record<string, number>> = { overlay2: 280, "plain-copy": 330, "fuse-overlayfs": 420, aufs: 330 };
const SHARE_OF_ROWS = 0.4;

/** How long the cells still to do will take. */
export class Remaining {
  readonly #jobs: number;
  readonly #waiting: Set<Cell>;
  #expected = 0;
  #taken = 0;

  constructor(cells: readonly Cell[], jobs: number) {
    this.#waiting = new Set(cells);
    this.#jobs = jobs;
  }

  get cells(): number {
    return this.#waiting.size;
  }

  /** Done now, in that many seconds; null: it was there already. */
  done(cell: Cell, seconds: number | null): void {
    this.#waiting.delete(cell);
    if (seconds === null) return;
    this.#expected += expected(cell);
    this.#taken += seconds;
  }

  /** `about 34 min left`; empty before there is anything to reckon from. */
  text(): string {
    if (this.#waiting.size === 0 || this.#expected === 0) return "";
    const sum = [...this.#waiting].reduce((all, cell) => all + expected(cell), 0);
    const minutes = (sum * (this.#taken / this.#expected)) / this.#jobs / 60;
    return `${this.#waiting.size} cells left, about ${Math.max(1, Math.round(minutes))} min`;
  }
}

function expected({ driver, filesystemRows }: Cell): number {
  return (WHOLE[driver] ?? 300) * (filesystemRows ? SHARE_OF_ROWS : 1);
}
