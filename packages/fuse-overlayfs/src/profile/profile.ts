import type { Directory, Host, Profile } from "@copyup/core";
import { type Known, whereOf } from "./conditions.ts";
import { COPY_UP } from "./copy-up.ts";
import { LIMITS } from "./limits.ts";
import { MERGING } from "./merging.ts";

/** Measured with fuse-overlayfs 1.10 on kernel 6.18, except where something else is said. */
export const KNOWN: readonly Known[] = [...COPY_UP, ...MERGING, ...LIMITS];

export function fuseOverlayfsProfile(directory: Directory, host: Host): Profile {
  const where = whereOf(directory, host);
  const deviations = KNOWN.filter(({ when }) => when === undefined || when(where));
  return { driver: "fuse-overlayfs", deviations: deviations.map(({ when: _, ...deviation }) => deviation) };
}
