import { existsSync } from "node:fs";
import path from "node:path";
import { type Directory, type DriverModule, type Finding, type Host, type Profile, supported } from "@copyup/core";
import { describeDirectory, describeHost, storageErrorFrom } from "@copyup/linux";
import { knownDrivers } from "./known-drivers.ts";

export interface ProbeReport {
  readonly driver: string;
  readonly summary: string;
  readonly works: boolean;
  readonly findings: readonly Finding[];
  /** What it promises here; null where it does not work. */
  readonly profile: Profile | null;
}

export interface ProbeContext {
  readonly host: Host;
  readonly directory: Directory;
}

/** The directory itself, or the nearest ancestor that exists: where a store's root would be made. */
export function nearestExisting(directory: string): string {
  let at = path.resolve(directory);
  while (!existsSync(at)) at = path.dirname(at);
  return at;
}

/** Looks at the host and at the filesystem of a directory; throws READ_ONLY or NEEDS_PRIVILEGE if nothing can be written there. */
export function describeContext(directory: string): ProbeContext {
  try {
    return { host: describeHost(), directory: describeDirectory(nearestExisting(directory)) };
  } catch (error) {
    throw storageErrorFrom(error, "probe", { hint: "name a directory you can write with --root DIR (or --work DIR)" });
  }
}

export async function probeDriver(driver: DriverModule, context: ProbeContext): Promise<ProbeReport> {
  const findings = await driver.probe(context.directory, context.host);
  const works = supported(findings);
  const profile = works ? driver.profile(context.directory, context.host) : null;
  return { driver: driver.name, summary: driver.summary, works, findings, profile };
}

/** Every driver, in the order in which one would be picked. */
export async function probeAll(context: ProbeContext): Promise<ProbeReport[]> {
  const reports: ProbeReport[] = [];
  for (const entry of knownDrivers()) reports.push(await probeDriver(await entry.load(), context));
  return reports;
}

/** The sentence that says why a driver was not picked: its first missing piece. */
export function whyNot(report: ProbeReport): string {
  const missing = report.findings.find((finding) => finding.required && !finding.ok);
  if (!missing) return "it works here";
  return `${missing.feature}: ${missing.evidence}${missing.fix ? ` (${missing.fix})` : ""}`;
}
