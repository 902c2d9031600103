import { type Condition, type Directory, type Host, type Known, type Profile, profileAt } from "@copyup/core";
import { canBind } from "./can-bind.ts";

/** Plain directories are what every driver is compared with, so there is little to declare. */
export function plainCopyProfile(directory: Directory, host: Host): Profile {
  return profileAt("plain-copy", KNOWN, { directory, host });
}

/** A layer is used where it lies. Tried, because a capability alone does not tell it. */
const withoutMounts: Condition = {
  text: "without the right to mount",
  holds: ({ directory }) => !canBind(directory.path).ok,
};

export const KNOWN: readonly Known[] = [
  {
    check: "CU31",
    outcome: "flag-dropped",
    because:
      "a copy carries no inode flags over, as `cp -a` does not: an immutable file of the parent can be changed in the child",
    source: "catalogue CU31, measured on 6.18",
  },
  {
    check: "CU42",
    outcome: "flag-dropped",
    because: "a copy carries no inode flags over, neither noatime nor sync",
    source: "catalogue CU42, measured on 6.18",
  },
  {
    check: "UM28",
    outcome: "copy-lost",
    because:
      "the copy of the parent is synced when the layer is committed: after a power loss an active layer holds empty files",
    source: "docs/decisions/0015; measured on 6.18",
  },
  {
    check: "LA11",
    outcome: "path-itself",
    because: "a view is the layer's own directory, and can be written",
    source: "docs/rules.md; bind mounts take CAP_SYS_ADMIN: mount(2)",
    when: withoutMounts,
  },
];
