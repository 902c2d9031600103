import path from "node:path";
import { type Cell, cellName, guestsOf } from "./cells.ts";
import { Remaining } from "./remaining.ts";
import type { Request } from "./request.ts";
import { type CellOutcome, type GuestOutcome, type ResultLine, runGuest } from "./run-guest.ts";
import type { SavedCells } from "./saved-cells.ts";
import type { Summary } from "./summary.ts";

export interface CellsSetting {
  readonly request: Request;
  readonly rootImage: string;
  readonly directory: string;
  readonly saved: SavedCells | null;
  readonly summary: Summary;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Runs the cells that are not saved, `jobs` guests at a time. */
export async function runCells(cells: readonly Cell[], setting: CellsSetting): Promise<void> {
  const { request, saved, summary } = setting;
  const remaining = new Remaining(cells, request.jobs);
  const fresh = cells.filter((cell) => {
    const before = saved?.get(cell) ?? null;
    if (before === null) return true;
    remaining.done(cell, null);
    summary.add(cell, before, "as before");
    return false;
  });
  const waiting = guestsOf(fresh);
  const worker = async () => {
    for (let guest = waiting.shift(); guest !== undefined; guest = waiting.shift())
      await runUntilDone(guest, setting, remaining);
  };
  await Promise.all(Array.from({ length: request.jobs }, worker));
}

/**
 * A cell whose guest died is run once more, in a guest of its own beginning: emulated processors have bugs that look like the
 * kernel's (QEMU's cmpxchg16b did). What dies twice is told, and the cells behind it go on.
 */
async function runUntilDone(guest: readonly Cell[], setting: CellsSetting, remaining: Remaining): Promise<void> {
  const { say, summary, saved } = setting;
  const died = new Set<Cell>();
  let boots = 0;
  for (let left = guest; left.length > 0; ) {
    const cells = left as [Cell, ...Cell[]];
    say(`${cells.map(cellName).join(", ")}: booting`);
    const outcome = await runGuest(cells, {
      ...setting,
      directory: path.join(setting.directory, `${nameOf(cells)}-${++boots}`),
      onResult(cell, result) {
        if (result.status === "fail")
          say(`${cellName(cell)}: FAIL ${result.id} ${result.title}\n    ${result.reason ?? ""}`);
      },
      onCell(done) {
        if (done.record !== null) saved?.set(done.cell, done.record);
        const broken = commandFailed(done);
        const results = broken === null ? done.results : [...done.results, dead(broken)];
        if (done.record === null) saved?.setWithoutRecord(done, results);
        remaining.done(done.cell, done.cannot === null ? done.seconds : null);
        summary.add(done.cell, results, done.cannot ?? `${done.seconds.toFixed(0)} s`, remaining.text());
      },
    });
    const last = outcome.cells.at(-1) as CellOutcome;
    left = left.slice(outcome.cells.length - (last.status === null ? 1 : 0));
    // Died between two cells, or in the midst of one.
    const [broken] = left;
    if (broken === undefined) return;
    const why = whatBroke(outcome, last.status === null ? last.results : []);
    say(`${cellName(broken)}: ${why}; the console's last lines:\n${outcome.boot.consoleTail}`);
    if (!died.has(broken) && outcome.boot.kind !== "timeout") {
      died.add(broken);
      say(`${cellName(broken)}: once more`);
      continue;
    }
    const results = [...(last.status === null ? last.results : []), dead(died.has(broken) ? `${why}, twice` : why)];
    saved?.setWithoutRecord({ ...last, cell: broken }, results);
    remaining.done(broken, last.seconds);
    summary.add(broken, results, `${last.seconds.toFixed(0)} s, ${outcome.boot.kind}`, remaining.text());
    left = left.slice(1);
  }
}

function nameOf([first, ...more]: readonly [Cell, ...Cell[]]): string {
  return `${cellName(first)}${more.length > 0 ? " and more" : ""}`.replaceAll(/[^\w.+-]+/g, "-");
}

function whatBroke({ boot }: GuestOutcome, results: readonly ResultLine[]): string {
  const after = results.at(-1);
  const where = after === undefined ? "before the first check" : `after ${after.id}`;
  if (boot.kind === "panic") return `the kernel panicked ${where}`;
  if (boot.kind === "hang") return `nothing happened any more ${where}`;
  if (boot.kind === "timeout") return `the time was over ${where} (--limit)`;
  return `the machine ended by itself ${where}`;
}

/** The command writes its record whatever the checks said; without it, it did not come to its end. */
function commandFailed({ record, results, status, cannot }: CellOutcome): string | null {
  if (record !== null || cannot !== null) return null;
  const after = results.at(-1);
  return `the command in the guest ended with status ${status}${after ? ` after ${after.id}` : " before the first check"}`;
}

export function dead(reason: string): ResultLine {
  return { id: "GUEST", title: "the guest lives until the suite has ended", status: "fail", reason };
}
