import { randomInt } from "node:crypto";
import { realpathSync } from "node:fs";
import type { DriverModule, Host } from "@copyup/core";
import { allChecks } from "../checks/index.ts";
import type { CellHost, CellRecord, CheckResult, SuiteSettings } from "../runner-contract.ts";
import { uncheckedRows } from "../unchecked.ts";
import { checksAsked } from "./checks-asked.ts";
import { runCheck } from "./run-check.ts";
import { askedForByName } from "./select.ts";
import { openSession, type Session } from "./session.ts";
import { aborted } from "./time-limit.ts";
import { profileProblems } from "./verdict.ts";

export interface CellOptions extends SuiteSettings {
  readonly driver: DriverModule;
  /** An existing directory; each check gets a fresh one below. */
  readonly work: string;
  /** What `work` is, for the report. */
  readonly scratch?: string | undefined;
  readonly version?: string | undefined;
  readonly commit?: string | null | undefined;
  /** When an interrupted run began that this one goes on with. */
  readonly date?: string | undefined;
  /** Results of the same cell that was interrupted: those checks are not run again. */
  readonly done?: readonly CheckResult[] | undefined;
  /** Before the first check. */
  readonly onBegin?: ((head: Omit<CellRecord, "results" | "ms">) => void) | undefined;
  /** Called for the checks run now, not for those done before. */
  readonly onResult?: ((result: CheckResult) => void) | undefined;
}

/** Runs the suite on one driver in one directory. Throws as `runSuite` does. */
export async function runCell(options: CellOptions): Promise<CellRecord> {
  const { driver, only, signal } = options;
  const checks = checksAsked(options);
  const seed = options.seed ?? randomInt(2 ** 31);
  const work = realpathSync(options.work);
  const session = await openSession(driver, work, {
    heavy: (check) => options.heavy === true || askedForByName(check, only),
  });
  const head = {
    driver: driver.name,
    summary: driver.summary,
    filesystem: session.directory.filesystem,
    scratch: options.scratch ?? `a directory on ${session.directory.filesystem}`,
    host: cellHost(session.host),
    version: options.version ?? "unknown",
    commit: options.commit ?? null,
    date: options.date ?? new Date().toISOString(),
    seed,
    heavy: options.heavy === true,
    only: only && only.length > 0 ? only : null,
    ...(options.filesystemRows ? { filesystemRows: true } : {}),
    works: session.refusal === null,
    findings: session.findings,
    deviations: session.profile.deviations,
    unchecked: uncheckedRows,
  };
  options.onBegin?.(head);
  const before = new Map(options.done?.map((result) => [result.id, result]));
  const results: CheckResult[] = [];
  const report = (result: CheckResult) => {
    results.push(result);
    options.onResult?.(result);
  };
  for (const check of checks) {
    if (signal?.aborted) throw aborted();
    const done = before.get(check.id);
    if (done) {
      results.push(done);
      continue;
    }
    options.onStart?.(check, driver.name);
    report(await runCheck(session, check, { ...options, seed }));
  }
  // Told once, with the whole suite.
  const problem = checks === allChecks && !before.has(PROFILE) ? badProfile(session) : null;
  if (problem) report(problem);
  return { ...head, ms: Math.round(results.reduce((sum, result) => sum + result.ms, 0)), results };
}

export function cellHost({ kernelRelease, arch, euid, userNamespace }: Host): CellHost {
  return { kernelRelease, arch, euid, userNamespace };
}

const PROFILE = "PROFILE";

/** A claim that no check can prove is a fault of the profile. */
function badProfile(session: Session): CheckResult | null {
  const problems = profileProblems(session.profile, allChecks);
  if (problems.length === 0) return null;
  return {
    driver: session.driver.name,
    filesystem: session.directory.filesystem,
    kernel: session.host.kernelRelease,
    id: PROFILE,
    title: "each declared deviation names a check and one of its outcomes",
    status: "fail",
    reason: problems.join("; "),
    ms: 0,
  };
}
