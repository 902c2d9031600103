import { type Cell, cellName } from "./cells.ts";
import type { ResultLine } from "./run-guest.ts";

/** One line a cell, then the sum as the last line. */
export class Summary {
  readonly #lines: string[] = [];
  readonly #sum = { pass: 0, deviates: 0, fail: 0, skip: 0 };

  get failed(): boolean {
    return this.#sum.fail > 0;
  }

  /** `note` stands behind it in both places, `progress` only where the run is followed. */
  add(cell: Cell | string, results: readonly ResultLine[], note: string, progress = ""): void {
    const counts = { pass: 0, deviates: 0, fail: 0, skip: 0 };
    for (const { status } of results) {
      counts[status]++;
      this.#sum[status]++;
    }
    const name = typeof cell === "string" ? cell : cellName(cell);
    const line = `${name.padEnd(32)} ${told(counts)} (${note})`;
    process.stderr.write(`${line}${progress === "" ? "" : `  ${progress}`}\n`);
    this.#lines.push(line);
  }

  text(): string {
    return [...this.#lines, told(this.#sum)].join("\n");
  }
}

function told({ pass, deviates, fail, skip }: Record<ResultLine["status"], number>): string {
  return `${pass} passed, ${deviates} deviating as declared, ${fail} failed, ${skip} skipped`;
}
