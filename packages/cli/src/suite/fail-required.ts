import type { CheckResult } from "@copyup/conformance";

/** `--require`: a skipped check of these drivers is a failure. */
export function failRequired(drivers: readonly string[]): (result: CheckResult) => CheckResult {
  return (result) =>
    result.status === "skip" && drivers.includes(result.driver)
      ? { ...result, status: "fail", reason: `required, but skipped: ${result.reason ?? "no reason given"}` }
      : result;
}
