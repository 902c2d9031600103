import type { Profile } from "@copyup/core";

/**
 * What some filesystems do at every turn and one check each looks at closely; elsewhere it is expected where the profile
 * declares it, or every comparison would end there and see nothing else.
 */
export interface EverywhereDeclared {
  /** A copy-up changes the time of the directory it happens in (CU18, CU39). */
  readonly parentTimes: boolean;
  /** The link count of a file is the number of its names that were looked at so far (ME04). */
  readonly linkCounts: boolean;
}

export function declaredEverywhere({ deviations }: Profile): EverywhereDeclared {
  const declares = (word: string) => deviations.some(({ outcome }) => outcome.startsWith(word));
  return { parentTimes: declares("parent-times"), linkCounts: declares("nlink-of-known-names") };
}

export function declares({ profile }: { readonly profile: Profile }, check: string, outcome: string): boolean {
  return profile.deviations.some((deviation) => deviation.check === check && deviation.outcome === outcome);
}
