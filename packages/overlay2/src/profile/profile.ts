import type { Directory, Host, Profile } from "@copyup/core";
import type { Known } from "./conditions.ts";
import { COPY_UP } from "./copy-up.ts";
import { LIMITS } from "./limits.ts";
import { MERGING } from "./merging.ts";

/** Every deviation of the kernel's overlay, mounted with our options, that some kernel from 5.10 on has. */
export const KNOWN: readonly Known[] = [...COPY_UP, ...MERGING, ...LIMITS];

export function overlayProfile(directory: Directory, host: Host): Profile {
  const deviations = KNOWN.filter(({ when }) => when === undefined || when({ host, directory }));
  return { driver: "overlay2", deviations: deviations.map(({ when: _, ...deviation }) => deviation) };
}
