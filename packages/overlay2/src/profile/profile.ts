import { type Directory, type Host, type Known, type Profile, profileAt } from "@copyup/core";
import { COPY_UP } from "./copy-up.ts";
import { LIMITS } from "./limits.ts";
import { MERGING } from "./merging.ts";

/** Every deviation of the kernel's overlay, mounted with our options, that some kernel from 5.10 on has. */
export const KNOWN: readonly Known[] = [...COPY_UP, ...MERGING, ...LIMITS];

export function overlayProfile(directory: Directory, host: Host): Profile {
  return profileAt("overlay2", KNOWN, { directory, host });
}
