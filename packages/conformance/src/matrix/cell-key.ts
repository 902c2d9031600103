import { createHash } from "node:crypto";
import { checksAsked } from "../run/checks-asked.ts";
import type { SuiteSettings } from "../runner-contract.ts";

/** What the results of a cell depend on, beside host, filesystem and driver, which are its name. */
export function cellKey(settings: SuiteSettings, parts: { readonly code: string; readonly scratch: string }): string {
  const { heavy, runs, seed } = settings;
  const checks = checksAsked(settings).map((check) => check.id);
  const told = JSON.stringify({ ...parts, heavy: heavy === true, runs: runs ?? null, seed: seed ?? null, checks });
  return createHash("sha256").update(told).digest("hex").slice(0, 16);
}
