import type { CompareOptions, Scenario } from "../../trial/scenario.ts";
import type { Trial } from "../../trial/trial.ts";

/**
 * After edits: mount and model are equal, still so after a remount, and the base layer on disk was not touched (`base` is
 * its fingerprint from before).
 */
export async function expectKept(t: Trial, s: Scenario, base: string, options?: CompareOptions): Promise<void> {
  s.compare(options);
  await s.remount();
  s.compare(options);
  t.equal(s.baseFingerprint(), base, "the base layer's own directory, which no edit may touch");
}
