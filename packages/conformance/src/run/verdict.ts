import type { Profile } from "@copyup/core";
import { type Check, REFERENCE } from "../check.ts";
import type { Status } from "../runner-contract.ts";

export interface Verdict {
  readonly status: Status;
  readonly reason?: string;
}

/** Compares what a check saw with what the profile declares, both ways. */
export function judge(check: Check, profile: Profile, seen: string | undefined): Verdict {
  const outcome = seen ?? REFERENCE;
  const meaning = outcome === REFERENCE ? "what a plain directory does" : check.deviations?.[outcome];
  if (meaning === undefined)
    return { status: "fail", reason: `the check gave an outcome it does not list: "${outcome}"` };
  const declared = profile.deviations.find((deviation) => deviation.check === check.id);
  if (!declared) {
    if (outcome === REFERENCE) return { status: "pass" };
    return { status: "fail", reason: `saw "${outcome}" (${meaning}), which the profile does not declare` };
  }
  if (declared.outcome === outcome) return { status: "deviates", reason: `${outcome}: ${declared.because}` };
  return {
    status: "fail",
    reason: `profile says "${declared.outcome}", saw ${outcome === REFERENCE ? "reference" : `"${outcome}"`} (${meaning})`,
  };
}

/** What in a profile no check could ever prove: unknown checks, unknown words, two claims about one check. */
export function profileProblems(profile: Profile, checks: readonly Check[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const elsewhere = profile.elsewhere ?? [];
  for (const { check: id, outcome } of [...profile.deviations, ...elsewhere]) {
    const check = checks.find((candidate) => candidate.id === id);
    if (!check) problems.push(`the profile speaks of ${id}, which is no check`);
    else if (!(outcome in (check.deviations ?? {})))
      problems.push(`the profile gives ${id} the outcome "${outcome}", which it cannot have`);
  }
  for (const { check: id } of profile.deviations) {
    if (seen.has(id)) problems.push(`the profile speaks of ${id} twice`);
    seen.add(id);
  }
  for (const { check: id, where } of elsewhere)
    if (!where) problems.push(`the profile does not say where else ${id} deviates`);
  return problems;
}
