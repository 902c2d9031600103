import { StorageError } from "@copyup/core";
import type { Check } from "../check.ts";

/** Keeps the checks whose id is, or begins with, one of `only` (`CU07`, `CU`), in their own order. Throws BAD_OPTION. */
export function selectChecks(checks: readonly Check[], only: readonly string[] | undefined): readonly Check[] {
  if (only === undefined || only.length === 0) return checks;
  const matches = (check: Check, wanted: string) => check.id.startsWith(wanted.toUpperCase());
  const unknown = only.find((wanted) => !checks.some((check) => matches(check, wanted)));
  if (unknown !== undefined) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "conform",
      message: `no check is called ${JSON.stringify(unknown)}`,
      hint: `an id such as ${checks[0]?.id ?? "CU01"}, or the beginning of some: ${groupsOf(checks).join(", ")}`,
    });
  }
  return checks.filter((check) => only.some((wanted) => matches(check, wanted)));
}

function groupsOf(checks: readonly Check[]): string[] {
  return [...new Set(checks.map((check) => check.id.replace(/\d.*$/, "")))];
}

/** The one whose id was spelt out, so that a heavy check asked for by name runs. */
export function askedForByName(check: Check, only: readonly string[] | undefined): boolean {
  return only?.some((wanted) => wanted.toUpperCase() === check.id) ?? false;
}
