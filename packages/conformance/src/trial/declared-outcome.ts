import type { Trial } from "./trial.ts";

/** The word that the driver's profile declares for another check, null for none: what it says there shows here too. */
export function declaredOutcome({ profile }: Trial, check: string): string | null {
  return profile.deviations.find((deviation) => deviation.check === check)?.outcome ?? null;
}
