import { allChecks, type CheckResult, runSuite } from "@copyup/conformance";
import type { DriverModule } from "@copyup/core";
import { driverNames, loadDriver, type ProbeContext, type ProbeReport, probeDriver, whyNot } from "@copyup/runtime";

export interface SuiteRequest {
  /** Names; empty: every driver. */
  readonly drivers: readonly string[];
  /** Drivers whose skipped checks count as failed. */
  readonly require: readonly string[];
  readonly work: string;
  readonly context: ProbeContext;
  readonly only?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly runs?: number | undefined;
  readonly keep?: boolean | undefined;
  readonly signal: AbortSignal;
  readonly onResult?: (result: CheckResult, progress: { done: number; total: number }) => void;
}

export interface SuiteOutcome {
  readonly probes: readonly ProbeReport[];
  readonly results: readonly CheckResult[];
  /** Any failed, or any skipped of a required driver. */
  readonly failed: boolean;
}

/** Probes the drivers, runs the suite on those that work, and says of the others why each check was skipped. */
export async function runDrivers(request: SuiteRequest): Promise<SuiteOutcome> {
  const names = request.drivers.length > 0 ? request.drivers : driverNames();
  const probes: ProbeReport[] = [];
  const working: DriverModule[] = [];
  for (const name of names) {
    const driver = await loadDriver(name);
    const report = await probeDriver(driver, request.context);
    probes.push(report);
    if (report.works) working.push(driver);
  }
  const wanted = (id: string) => !request.only || request.only.some((prefix) => id === prefix || id.startsWith(prefix));
  const skipped = probes
    .filter((report) => !report.works)
    .flatMap((report) =>
      allChecks
        .filter((check) => wanted(check.id))
        .map(
          (check): CheckResult => ({
            driver: report.driver,
            id: check.id,
            title: check.title,
            status: "skip",
            reason: whyNot(report),
            ms: 0,
          }),
        ),
    );
  const required = (result: CheckResult): CheckResult =>
    result.status === "skip" && request.require.includes(result.driver)
      ? { ...result, status: "fail", reason: `required, but skipped: ${result.reason ?? "no reason given"}` }
      : result;
  const results: CheckResult[] = [];
  const report = (result: CheckResult, progress: { done: number; total: number }) => {
    results.push(required(result));
    request.onResult?.(required(result), progress);
  };
  const total = { done: 0, total: skipped.length };
  for (const result of skipped) report(result, { ...total, done: ++total.done });
  if (working.length > 0) {
    await runSuite({
      drivers: working,
      work: request.work,
      ...(request.only ? { only: request.only } : {}),
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      runs: request.runs,
      keep: request.keep === true,
      signal: request.signal,
      onResult: report,
    });
  }
  return { probes, results, failed: results.some((result) => result.status === "fail") };
}

export function countStatuses(results: readonly CheckResult[]): Record<CheckResult["status"], number> {
  const counts = { pass: 0, deviates: 0, fail: 0, skip: 0 };
  for (const result of results) counts[result.status]++;
  return counts;
}
