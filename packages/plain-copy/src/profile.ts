import type { Deviation, Directory, Profile } from "@copyup/core";
import { canBind } from "./can-bind.ts";

/** Plain directories are what every driver is compared with, so there is little to declare. */
export function plainCopyProfile(directory: Directory): Profile {
  return { driver: "plain-copy", deviations: [...ALWAYS, ...(canBind(directory.path).ok ? [] : WITHOUT_MOUNTS)] };
}

const ALWAYS: readonly Deviation[] = [
  {
    check: "CU31",
    outcome: "flag-dropped",
    because:
      "a copy carries no inode flags over, as `cp -a` does not: an immutable file of the parent can be changed in the child",
    source: "catalogue CU31, measured on 6.18",
  },
];

/** For whoever may not mount: a layer is used where it lies. */
const WITHOUT_MOUNTS: readonly Deviation[] = [
  {
    check: "LA11",
    outcome: "path-itself",
    because: "without the right to mount a view is the layer's own directory, and can be written",
    source: "house rule 12",
  },
];
