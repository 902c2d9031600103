import { allChecks, type CheckResult, runCell } from "@copyup/conformance";
import { driverNames, loadDriver, type ProbeReport } from "@copyup/runtime";
import { VERSION } from "../version.ts";

export interface SuiteRequest {
  readonly work: string;
  readonly signal: AbortSignal;
  readonly onResult?: (result: CheckResult, progress: { done: number; total: number }) => void;
}

/** Runs the suite on every driver; of those that do not work here it says of each check why it was skipped. */
export async function runDrivers(
  request: SuiteRequest,
): Promise<{ probes: readonly ProbeReport[]; results: readonly CheckResult[] }> {
  const probes: ProbeReport[] = [];
  const results: CheckResult[] = [];
  for (const name of driverNames()) {
    const { driver, summary, works, findings, deviations } = await runCell({
      driver: await loadDriver(name),
      work: request.work,
      version: VERSION,
      signal: request.signal,
      onResult(result) {
        results.push(result);
        request.onResult?.(result, { done: results.length, total: allChecks.length * driverNames().length });
      },
    });
    probes.push({ driver, summary, works, findings, profile: works ? { driver, deviations } : null });
  }
  return { probes, results };
}
