import type { Directory, Finding, Host } from "@copyup/core";
import { deviceFinding, pathFinding, privilegeFinding, upperFinding, xattrFinding } from "./preconditions.ts";
import { programFinding } from "./program.ts";
import { trialFindings } from "./trial.ts";

/** What can be told without mounting. */
export function quickFindings(root: string, directory: Directory | null, host: Host): Finding[] {
  const filesystem = directory === null ? [] : [upperFinding(directory), xattrFinding(directory)];
  return [programFinding(), deviceFinding(), privilegeFinding(host), pathFinding(root), ...filesystem];
}

export async function probeFuseOverlayfs(directory: Directory, host: Host): Promise<Finding[]> {
  const findings = quickFindings(directory.path, directory, host);
  const may = findings.every(({ ok, required }) => ok || !required);
  return may ? [...findings, ...(await trialFindings(directory))] : findings;
}
