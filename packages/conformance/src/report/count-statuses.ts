import type { CheckResult, Status } from "../runner-contract.ts";

export function countStatuses(results: readonly CheckResult[]): Record<Status, number> {
  const counts = { pass: 0, deviates: 0, fail: 0, skip: 0 };
  for (const result of results) counts[result.status]++;
  return counts;
}
