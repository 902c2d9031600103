import { allChecks, type CellRecord, type CheckResult, runCell } from "@copyup/conformance";
import { driverNames, loadDriver, type ProbeReport } from "@copyup/runtime";
import { VERSION } from "../version.ts";

export interface SuiteRequest {
  readonly work: string;
  /** What `work` is. */
  readonly scratch: string;
  /** Only this one; BAD_OPTION if there is no such driver. Default: every driver. */
  readonly driver?: string | undefined;
  readonly signal: AbortSignal;
  readonly onResult?: (result: CheckResult, progress: { done: number; total: number }) => void;
}

/** Runs the suite on the drivers; of those that do not work here it says of each check why it was skipped. */
export async function runDrivers(
  request: SuiteRequest,
): Promise<{ probes: readonly ProbeReport[]; cells: readonly CellRecord[] }> {
  const cells: CellRecord[] = [];
  const probes: ProbeReport[] = [];
  let done = 0;
  const names = request.driver === undefined ? driverNames() : [request.driver];
  for (const name of names) {
    const cell = await runCell({
      driver: await loadDriver(name),
      work: request.work,
      scratch: request.scratch,
      version: VERSION,
      signal: request.signal,
      // A first look; `copyup conform` tries 200.
      runs: 25,
      onResult(result) {
        done++;
        request.onResult?.(result, { done, total: allChecks.length * names.length });
      },
    });
    cells.push(cell);
    const { driver, summary, works, findings, deviations } = cell;
    probes.push({ driver, summary, works, findings, profile: works ? { driver, deviations } : null });
  }
  return { probes, cells };
}
