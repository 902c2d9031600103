import { mkdirSync, mkdtempSync } from "node:fs";
import { removeTree } from "@copyup/archive";
import { type Directory, type DriverModule, type Finding, type Host, type Profile, supported } from "@copyup/core";
import { describeDirectory, describeHost } from "@copyup/linux";
import type { Check } from "../check.ts";
import { OpenTrial } from "../trial/open-trial.ts";
import { unmetNeed } from "./needs.ts";

/** One driver on one working directory: what is the same for all checks. */
export interface Session {
  readonly driver: DriverModule;
  readonly profile: Profile;
  readonly host: Host;
  readonly directory: Directory;
  readonly work: string;
  /** What the driver's probe tried and saw. */
  readonly findings: readonly Finding[];
  /** Why the driver works here not at all, with its probe's evidence; null where it does. */
  readonly refusal: string | null;
  /** Why a check cannot run here, or null. */
  whyNot(check: Check): Promise<string | null>;
}

/** `work` must exist; checks get fresh directories below it. */
export async function openSession(
  driver: DriverModule,
  work: string,
  options: { heavy?: (check: Check) => boolean } = {},
): Promise<Session> {
  const host = describeHost();
  const directory = describeDirectory(work);
  const findings = await driver.probe(directory, host);
  const refusal = supported(findings) ? null : tellRefusal(driver, findings);
  // A driver need not have a profile for where it does not work.
  const profile = refusal === null ? driver.profile(directory, host) : { driver: driver.name, deviations: [] };
  let whyNoMount: Promise<string | null> | null = null;
  const session: Session = {
    driver,
    profile,
    host,
    directory,
    work,
    findings,
    refusal,
    async whyNot(check) {
      if (refusal !== null) return refusal;
      if (check.heavy && options.heavy?.(check) === false) return "heavy: runs only when asked for";
      for (const need of check.needs ?? []) {
        if (need === "mount") whyNoMount ??= tryMount(session);
        const unmet = unmetNeed(need, { driver, host, whyNoMount: (await whyNoMount) ?? null });
        if (unmet !== null) return unmet;
      }
      return null;
    },
  };
  return session;
}

function tellRefusal(driver: DriverModule, findings: readonly Finding[]): string {
  const reasons = findings
    .filter((finding) => finding.required && !finding.ok)
    .map((finding) => `${finding.feature}: ${finding.evidence}${finding.fix ? ` (${finding.fix})` : ""}`);
  return `${driver.name} does not work here: ${reasons.join("; ")}`;
}

/** Whether the driver mounts here is found by mounting once. */
async function tryMount(session: Session): Promise<string | null> {
  const jail = mkdtempSync(`${session.work}/mount-`);
  const scratch = `${jail}/scratch`;
  mkdirSync(scratch);
  const trial = new OpenTrial({ ...session, scratch, seed: 0 });
  try {
    const store = await trial.store();
    const { id } = await store.prepare();
    const mount = await store.mount(id);
    await mount.unmount();
    return mount.mounted ? null : `${session.driver.name} mounts nothing here: it hands out the layer's own directory`;
  } catch {
    // Not a lack of the host but a fault of the driver: let the check run into it and say so.
    return null;
  } finally {
    await trial.close();
    await removeTree(jail);
  }
}
