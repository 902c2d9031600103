import { randomInt } from "node:crypto";
import { realpathSync } from "node:fs";
import { allChecks } from "../checks/index.ts";
import type { CheckResult, RunOptions } from "../runner-contract.ts";
import { runCheck } from "./run-check.ts";
import { askedForByName, selectChecks } from "./select.ts";
import { openSession } from "./session.ts";
import { aborted } from "./time-limit.ts";
import { profileProblems } from "./verdict.ts";

/**
 * Runs the checks on one driver after the other. Failures are results, not exceptions; rejects with `ABORTED` when the
 * signal fires (after cleaning up) and `BAD_OPTION` when `only` names nothing.
 */
export async function runSuite(options: RunOptions): Promise<CheckResult[]> {
  const all = options.checks ?? allChecks;
  const checks = selectChecks(all, options.only);
  const seed = options.seed ?? randomInt(2 ** 31);
  const work = realpathSync(options.work);
  const total = checks.length * options.drivers.length;
  const results: CheckResult[] = [];
  const report = (result: CheckResult) => {
    results.push(result);
    options.onResult?.(result, { done: results.length, total: Math.max(total, results.length) });
  };
  for (const driver of options.drivers) {
    const session = await openSession(driver, work, {
      heavy: (check) => options.heavy === true || askedForByName(check, options.only),
    });
    for (const check of checks) {
      if (options.signal?.aborted) throw aborted();
      report(await runCheck(session, check, { seed, runs: options.runs, keep: options.keep, signal: options.signal }));
    }
    // A claim that no check can prove is a fault of the profile; told once, with the whole suite.
    const problems = checks === allChecks ? profileProblems(session.profile, allChecks) : [];
    if (problems.length > 0)
      report({
        driver: driver.name,
        id: "PROFILE",
        title: "each declared deviation names a check and one of its outcomes",
        status: "fail",
        reason: problems.join("; "),
        ms: 0,
      });
  }
  return results;
}
