import type { DriverModule } from "@copyup/core";
import { describeHost } from "@copyup/linux";
import { checksAsked } from "../run/checks-asked.ts";
import { cellHost } from "../run/run-cell.ts";
import type { CellRecord, SuiteSettings } from "../runner-contract.ts";
import { uncheckedRows } from "../unchecked.ts";

export interface UnavailableCell extends SuiteSettings {
  readonly driver: DriverModule;
  readonly filesystem: string;
  readonly seed: number;
  readonly version?: string | undefined;
  readonly commit?: string | null | undefined;
  readonly why: string;
}

/** The cell of a filesystem that cannot be made here: every check skipped, with the reason. */
export function unavailableCell(cell: UnavailableCell): CellRecord {
  const { driver, filesystem, why, only } = cell;
  const host = cellHost(describeHost());
  return {
    driver: driver.name,
    summary: driver.summary,
    filesystem,
    scratch: "nothing",
    host,
    version: cell.version ?? "unknown",
    commit: cell.commit ?? null,
    date: new Date().toISOString(),
    ms: 0,
    seed: cell.seed,
    heavy: cell.heavy === true,
    only: only && only.length > 0 ? only : null,
    ...(cell.filesystemRows ? { filesystemRows: true } : {}),
    works: false,
    findings: [{ feature: filesystem, ok: false, required: true, kind: "prerequisite", evidence: why, fix: null }],
    deviations: [],
    unchecked: uncheckedRows,
    results: checksAsked(cell).map(({ id, title }) => ({
      driver: driver.name,
      filesystem,
      kernel: host.kernelRelease,
      id,
      title,
      status: "skip",
      reason: why,
      ms: 0,
    })),
  };
}
