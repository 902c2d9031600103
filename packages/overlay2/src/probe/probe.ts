import type { Directory, Finding, Host } from "@copyup/core";
import { dialectOf, type OverlayDialect } from "../dialect.ts";
import { filesystemFindings, upperFinding } from "./filesystem.ts";
import { kernelFinding } from "./kernel.ts";
import { mountApiFinding } from "./mount-api.ts";
import { privilegeFinding } from "./privilege.ts";
import { trialFindings } from "./trial.ts";

/** What can be told without mounting. Enough to refuse a store where a mount would succeed and then misbehave. */
export function quickFindings(directory: Directory | null, host: Host): Finding[] {
  return [...preconditions(directory, host), ...(directory === null ? [] : [upperFinding(directory)])];
}

function preconditions(directory: Directory | null, host: Host): Finding[] {
  const filesystem = directory === null ? [] : filesystemFindings(directory, wishedDialect(host));
  return [kernelFinding(host), privilegeFinding(host), ...filesystem];
}

export function probeOverlay(directory: Directory, host: Host): Finding[] {
  const findings = preconditions(directory, host);
  const may = findings.every(({ feature, ok }) => ok || (feature !== "overlay" && feature !== "privilege"));
  // Else a trial would only say EPERM or ENODEV once more. Whether this can be an upper the kernel says in its own words.
  return may
    ? [...findings, ...trialFindings(directory, dialectOf(host)), mountApiFinding()]
    : [...findings, upperFinding(directory)];
}

/** Whoever may not mount is advised to take a user namespace, so the filesystem is judged for that. */
function wishedDialect(host: Host): OverlayDialect {
  return host.sysAdmin ? dialectOf(host) : "overlay-user";
}
