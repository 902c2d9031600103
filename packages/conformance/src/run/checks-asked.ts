import type { Check } from "../check.ts";
import { allChecks } from "../checks/index.ts";
import type { SuiteSettings } from "../runner-contract.ts";
import { selectChecks } from "./select.ts";

/** Which checks the settings mean, in the suite's order; the suite itself where they leave nothing out. BAD_OPTION as `selectChecks`. */
export function checksAsked(settings: Pick<SuiteSettings, "checks" | "only" | "filesystemRows">): readonly Check[] {
  const checks = selectChecks(settings.checks ?? allChecks, settings.only);
  return settings.filesystemRows ? checks.filter(restsOnFilesystem) : checks;
}

export function restsOnFilesystem(check: Check): boolean {
  return (check.restsOn?.length ?? 0) > 0;
}
