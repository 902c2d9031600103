import type { Profile } from "@copyup/core";

/**
 * What some filesystems do at every turn and one check each looks at closely; elsewhere it is expected where the profile
 * declares it, or every comparison would end there and see nothing else.
 */
export interface EverywhereDeclared {
  /** A copy-up changes the time of the directory it happens in (CU18, CU39). */
  readonly parentTimes: boolean;
  /** A time that is set through the mount loses its nanoseconds (CU37). */
  readonly truncatedTimes: boolean;
  /** An attribute that is removed stays, with an empty value (CU04). */
  readonly emptyXattrs: boolean;
  /** The link count of a file is the number of its names that were looked at so far (ME04). */
  readonly linkCounts: boolean;
}

export function declaredEverywhere({ deviations }: Profile): EverywhereDeclared {
  const declares = (word: string) => deviations.some(({ outcome }) => outcome.startsWith(word));
  return {
    parentTimes: declares("parent-times"),
    truncatedTimes: declares("times-truncated"),
    emptyXattrs: declares("left-empty"),
    linkCounts: declares("nlink-of-known-names"),
  };
}

/** A modification time that is one thing in the model and another in the mount. */
export interface TimeDifference {
  readonly type: string;
  readonly model: bigint;
  readonly mount: bigint;
}

const SECOND = 1_000_000_000n;

/**
 * Is that difference what the profile says? `start`: before the first edit, by the filesystem's clock; a directory's time may
 * also be of an unmount, in which aufs' pseudo-links are made real.
 */
export function passesTime(
  declared: EverywhereDeclared,
  start: bigint,
  { type, model, mount }: TimeDifference,
): boolean {
  if (declared.parentTimes && type === "directory" && mount >= start) return true;
  return declared.truncatedTimes && mount === model - (((model % SECOND) + SECOND) % SECOND);
}

export function declares({ profile }: { readonly profile: Profile }, check: string, outcome: string): boolean {
  return profile.deviations.some((deviation) => deviation.check === check && deviation.outcome === outcome);
}
