import type { Directory, Finding, Host } from "@copyup/core";
import { dialectOf, type OverlayDialect } from "../dialect.ts";
import { filesystemFindings } from "./filesystem.ts";
import { kernelFinding } from "./kernel.ts";
import { mountApiFinding } from "./mount-api.ts";
import { privilegeFinding } from "./privilege.ts";
import { trialFindings } from "./trial.ts";

/** What can be told without mounting. Enough to refuse a store where a mount would succeed and then misbehave. */
export function quickFindings(directory: Directory | null, host: Host): Finding[] {
  const filesystem = directory === null ? [] : filesystemFindings(directory, wishedDialect(host));
  return [kernelFinding(host), privilegeFinding(host), ...filesystem];
}

export function probeOverlay(directory: Directory, host: Host): Finding[] {
  const findings = quickFindings(directory, host);
  const may = findings.every(({ feature, ok }) => ok || (feature !== "overlay" && feature !== "privilege"));
  // Else a trial would only say EPERM or ENODEV once more.
  return may ? [...findings, ...trialFindings(directory, dialectOf(host)), mountApiFinding()] : findings;
}

/** Whoever may not mount is advised to take a user namespace, so the filesystem is judged for that. */
function wishedDialect(host: Host): OverlayDialect {
  return host.sysAdmin ? dialectOf(host) : "overlay-user";
}
