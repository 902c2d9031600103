import { type Directory, type Host, type Known, type Profile, profileAt } from "@copyup/core";
import { COPY_UP } from "./copy-up.ts";
import { LIMITS } from "./limits.ts";
import { MERGING } from "./merging.ts";

/** Measured with fuse-overlayfs 1.10 (libfuse 3.14) on kernel 6.18. Later versions up to 1.16 were read, not run. */
export const KNOWN: readonly Known[] = [...COPY_UP, ...MERGING, ...LIMITS];

export function fuseOverlayfsProfile(directory: Directory, host: Host): Profile {
  return profileAt("fuse-overlayfs", KNOWN, { directory, host });
}
