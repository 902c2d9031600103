import { randomInt } from "node:crypto";
import type { CheckResult, RunOptions } from "../runner-contract.ts";
import { checksAsked } from "./checks-asked.ts";
import { runCell } from "./run-cell.ts";

/**
 * Runs the checks on one driver after the other. Failures are results, not exceptions; rejects with `ABORTED` when the
 * signal fires (after cleaning up) and `BAD_OPTION` when `only` names nothing.
 */
export async function runSuite(options: RunOptions): Promise<CheckResult[]> {
  const { drivers, onResult, ...settings } = options;
  const total = checksAsked(options).length * drivers.length;
  const seed = options.seed ?? randomInt(2 ** 31);
  const results: CheckResult[] = [];
  const report = (result: CheckResult) => {
    results.push(result);
    onResult?.(result, { done: results.length, total: Math.max(total, results.length) });
  };
  for (const driver of drivers) await runCell({ ...settings, driver, seed, onResult: report });
  return results;
}
