import { type Directory, type Host, type Known, type Profile, profileAt } from "@copyup/core";
import { COPY_UP } from "./copy-up.ts";
import { LIMITS } from "./limits.ts";
import { MERGING } from "./merging.ts";

/** Every deviation of aufs, mounted with our options. */
export const KNOWN: readonly Known[] = [...COPY_UP, ...MERGING, ...LIMITS];

export function aufsProfile(directory: Directory, host: Host): Profile {
  return profileAt("aufs", KNOWN, { directory, host });
}
