/**
 * A row of the catalogue that no check proves, and why: told in every report, so that nobody takes silence for a promise.
 */
export interface UncheckedRow {
  readonly id: string;
  readonly title: string;
  /** What it would take: "needs SELinux, which …". */
  readonly why: string;
}

export const uncheckedRows: readonly UncheckedRow[] = [];
