import type { CellRecord, CheckResult } from "../runner-contract.ts";

/** One object a line for each check, driver and filesystem, and nothing else: scripts read every line as a result. */
export function jsonlLine(result: CheckResult): string {
  return `${JSON.stringify(result)}\n`;
}

export function jsonl(cells: readonly CellRecord[]): string {
  return cells.flatMap((cell) => cell.results.map(jsonlLine)).join("");
}
