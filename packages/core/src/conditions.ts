import type { Directory, Host } from "./probe.ts";
import type { Deviation, Profile } from "./profile.ts";

/** What a profile may depend on. */
export interface Place {
  readonly host: Host;
  readonly directory: Directory;
}

/** Where a deviation holds: the question for the driver and the words for people, kept together so that they agree. */
export interface Condition {
  /** Ends a sentence: `before Linux 6.7`. */
  readonly text: string;
  /** The kernel version in which it changed, if it is about one. */
  readonly changedIn?: string;
  holds(place: Place): boolean;
}

/** A deviation, and where it holds; everywhere if nothing is said. */
export interface Known extends Omit<Deviation, "where" | "changedIn"> {
  readonly when?: Condition;
}

/** Is the kernel at least that version? */
export function kernelAtLeast(host: Pick<Host, "kernel">, major: number, minor: number): boolean {
  return host.kernel[0] > major || (host.kernel[0] === major && host.kernel[1] >= minor);
}

/** On kernels older than that version. */
export function beforeKernel(major: number, minor: number): Condition {
  const changedIn = `${major}.${minor}`;
  return { text: `before Linux ${changedIn}`, changedIn, holds: ({ host }) => !kernelAtLeast(host, major, minor) };
}

/** From that version on. */
export function sinceKernel(major: number, minor: number): Condition {
  const changedIn = `${major}.${minor}`;
  return { text: `since Linux ${changedIn}`, changedIn, holds: ({ host }) => kernelAtLeast(host, major, minor) };
}

/** On one of these filesystems, by the names of /proc/filesystems. */
export function onFilesystem(...names: readonly string[]): Condition {
  return { text: `on ${names.join(" and ")}`, holds: ({ directory }) => names.includes(directory.filesystem) };
}

export function exceptOnFilesystem(...names: readonly string[]): Condition {
  return { text: `except on ${names.join(" and ")}`, holds: ({ directory }) => !names.includes(directory.filesystem) };
}

export const withoutReflink: Condition = {
  text: "where the filesystem has no reflink",
  holds: ({ directory }) => !directory.reflink,
};

export const withReflink: Condition = {
  text: "where the filesystem has reflink",
  holds: ({ directory }) => directory.reflink,
};

export const inUserNamespace: Condition = {
  text: "in a user namespace",
  holds: ({ host }) => host.userNamespace,
};

/** Where all of them hold. */
export function all(...conditions: readonly Condition[]): Condition {
  const changedIn = conditions.find((condition) => condition.changedIn !== undefined)?.changedIn;
  return {
    text: conditions.map(({ text }) => text).join(" "),
    ...(changedIn === undefined ? {} : { changedIn }),
    holds: (place) => conditions.every((condition) => condition.holds(place)),
  };
}

/** Where one of them holds. */
export function either(...conditions: readonly Condition[]): Condition {
  const changedIn = conditions.find((condition) => condition.changedIn !== undefined)?.changedIn;
  return {
    text: conditions.map(({ text }) => text).join(", and "),
    ...(changedIn === undefined ? {} : { changedIn }),
    holds: (place) => conditions.some((condition) => condition.holds(place)),
  };
}

/** Sorts what is known of a driver into what holds at a place and what holds elsewhere. */
export function profileAt(driver: string, known: readonly Known[], place: Place): Profile {
  const deviations: Deviation[] = [];
  const elsewhere: Deviation[] = [];
  for (const { when, ...claim } of known) {
    const told = when?.changedIn === undefined ? {} : { changedIn: when.changedIn };
    const deviation = when === undefined ? claim : { ...claim, where: when.text, ...told };
    (when === undefined || when.holds(place) ? deviations : elsewhere).push(deviation);
  }
  return { driver, deviations, elsewhere };
}
