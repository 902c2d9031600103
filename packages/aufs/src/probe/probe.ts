import type { Directory, Finding, Host } from "@copyup/core";
import { kernelFinding, privilegeFinding } from "./kernel.ts";
import { filesystemFinding, pathFinding } from "./place.ts";
import { trialFindings } from "./trial.ts";

/** What can be told without mounting. `directory` is null where nothing may be written: such a store can still be read. */
export function quickFindings(path: string, directory: Directory | null, host: Host): Finding[] {
  const filesystem = directory === null ? [] : [filesystemFinding(directory)];
  return [kernelFinding(host), privilegeFinding(host), pathFinding(path), ...filesystem];
}

export function probeAufs(directory: Directory, host: Host): Finding[] {
  const findings = quickFindings(directory.path, directory, host);
  // Else a trial would only say EPERM, ENODEV or EINVAL once more.
  return findings.every(({ ok }) => ok) ? [...findings, ...trialFindings(directory)] : findings;
}
