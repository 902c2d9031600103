import type { CellRecord } from "../../runner-contract.ts";
import { type Column, columnsOf, distinct } from "./columns.ts";
import { type Failure, failuresOf, failuresSection } from "./failures.ts";
import { filters } from "./filters.ts";
import { skipsSection } from "./host-sections.ts";
import { kernelsSection } from "./kernels-section.ts";
import { html, type Markup } from "./markup.ts";
import { matrix } from "./matrix.ts";
import { SharedReasons } from "./reasons.ts";
import { type Row, rowsOf } from "./rows.ts";

/** What every page that tells of the suite shows: the failures, the matrix, and why checks were skipped. */
export interface ChecksSection {
  readonly failures: Markup | null;
  readonly matrix: Markup;
  /** Where they are on several kernels. */
  readonly kernels: Markup | null;
  readonly skips: Markup | null;
  readonly columns: readonly Column[];
}

/** Needs MATRIX_STYLE, and FILTER_SCRIPT at the page's end; without the script everything is shown. */
export function checksSection(cells: readonly CellRecord[]): ChecksSection {
  const columns = columnsOf(cells);
  const rows = rowsOf(columns);
  const reasons = new SharedReasons(rows, columns);
  const failures = failuresOf(rows, columns);
  return {
    columns,
    failures: failuresSection(failures, columns),
    matrix: html`${filters(columns, distinct(rows.map((row) => row.family)))}${matrix({
      rows,
      columns,
      reasons,
      evidenceAnchor: (outcome, row) => anchorOf(failures, row, outcome.reason),
    })}`,
    kernels: kernelsSection(columns),
    skips: skipsSection(reasons, columns),
  };
}

function anchorOf(failures: readonly Failure[], row: Row, reason: string): string | null {
  return failures.find((failure) => failure.row === row && failure.outcome.reason === reason)?.anchor ?? null;
}
