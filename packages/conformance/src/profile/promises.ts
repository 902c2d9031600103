import type { Deviation, Finding } from "@copyup/core";
import type { Check } from "../check.ts";
import { allChecks } from "../checks/index.ts";
import type { Session } from "../run/session.ts";
import { familyName, familyOf } from "./families.ts";

/** What one driver promises and disclaims in one directory of one host: `copyup conform --profile`. */
export interface DriverPromises {
  readonly driver: string;
  readonly summary: string;
  /** Where it doesn't work there is nothing to promise: `findings` say why, and `families` is empty. */
  readonly works: boolean;
  readonly findings: readonly Finding[];
  readonly families: readonly FamilyPromises[];
}

export interface FamilyPromises {
  /** `CU` */
  readonly id: string;
  readonly name: string;
  /** Does what a plain directory does. */
  readonly promises: readonly Promised[];
  /** Does something else, here. */
  readonly disclaims: readonly Disclaimed[];
  /** What it does otherwise on other kernels, on other filesystems or for other users. */
  readonly elsewhere: readonly Disclaimed[];
}

export interface Promised {
  /** The check that proves it. */
  readonly check: string;
  readonly title: string;
  readonly cites: readonly string[];
  /** Why the check cannot run here, so that nothing proves it here; null where it can. */
  readonly unproven: string | null;
}

export interface Disclaimed extends Promised {
  /** The check's word for what happens instead, and what it means. */
  readonly outcome: string;
  readonly meaning: string;
  readonly because: string;
  readonly source: string | null;
  /** Null: everywhere. */
  readonly where: string | null;
  /** The kernel version it changed in. */
  readonly changedIn: string | null;
}

export async function describePromises(
  session: Session,
  checks: readonly Check[] = allChecks,
): Promise<DriverPromises> {
  const { driver, findings, refusal, profile } = session;
  const about = { driver: driver.name, summary: driver.summary, works: refusal === null, findings };
  if (refusal !== null) return { ...about, families: [] };
  const families = new Map<string, { promises: Promised[]; disclaims: Disclaimed[]; elsewhere: Disclaimed[] }>();
  for (const check of checks) {
    const family = families.get(familyOf(check.id)) ?? { promises: [], disclaims: [], elsewhere: [] };
    families.set(familyOf(check.id), family);
    const { id, title, cites } = check;
    const promised = { check: id, title, cites, unproven: await session.whyNot(check) };
    const here = profile.deviations.find((deviation) => deviation.check === id);
    if (here) family.disclaims.push(disclaimed(promised, check, here));
    else family.promises.push(promised);
    const others = profile.elsewhere?.filter((deviation) => deviation.check === id) ?? [];
    family.elsewhere.push(...others.map((deviation) => disclaimed(promised, check, deviation)));
  }
  return { ...about, families: [...families].map(([id, claims]) => ({ id, name: familyName(id), ...claims })) };
}

function disclaimed(promised: Promised, check: Check, deviation: Deviation): Disclaimed {
  const { outcome, because, source = null, where = null, changedIn = null } = deviation;
  const meaning = check.deviations?.[outcome] ?? "an outcome that its check does not know";
  return { ...promised, outcome, meaning, because, source, where, changedIn };
}
