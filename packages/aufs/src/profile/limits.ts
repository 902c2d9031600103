import type { Known } from "@copyup/core";

const MEASURED = "measured on 6.1 with aufs 6.1-20240701";

/** What the kernel does not let aufs do. */
export const LIMITS: readonly Known[] = [
  {
    check: "LA01",
    outcome: "limit-126",
    because: "127 branches, of which the layer itself is one",
    source: `CONFIG_AUFS_BRANCH_MAX_127; ENOSPC for one more, ${MEASURED}`,
  },
  {
    check: "LA06",
    outcome: "refused",
    because: "a colon separates branches, and no escape is known",
    source: MEASURED,
  },
  {
    check: "LA07",
    outcome: "refused",
    because: "a comma ends the branches, and no escape is known",
    source: MEASURED,
  },
  {
    check: "LA08",
    outcome: "separators-refused",
    because: "a backslash is an ordinary character and no escape; a colon or comma beside it is refused as in LA06",
    source: MEASURED,
  },
  {
    check: "LA09",
    outcome: "separators-refused",
    because: "newline and = are refused too; blanks, quotes and UTF-8 are ordinary",
    source: MEASURED,
  },
  {
    check: "LA13",
    outcome: "refused",
    because: "a writable branch on an overlay is EINVAL",
    source: MEASURED,
  },
  {
    check: "LA18",
    outcome: "EXDEV",
    because: "a directory with content in a lower branch is not renamed, so there is no such layer",
    source: MEASURED,
  },
  {
    check: "PN09",
    outcome: "refused",
    because: "as LA13",
    source: MEASURED,
  },
  {
    check: "PN12",
    outcome: "copies-data",
    because: "any change copies the whole file",
    source: MEASURED,
  },
  {
    check: "SE01",
    outcome: "refused",
    because: "aufs cannot be mounted in a user namespace (EPERM)",
    source: MEASURED,
  },
  {
    check: "SE02",
    outcome: "refused",
    because: "mounting takes CAP_SYS_ADMIN",
    source: "mount(2), EPERM",
  },
  {
    check: "FA01",
    outcome: "copy-up-needs-space",
    because: "the first write to a lower file copies all of it",
    source: "aufs(5)",
  },
  {
    check: "FA02",
    outcome: "removal-needs-an-inode",
    because: "deleting a lower file makes a whiteout in the upper, a link of a common inode",
    source: "aufs(5)",
  },
  {
    check: "FA08",
    outcome: "refused",
    because: "a store on btrfs is refused, as Docker's driver refused it",
    source: "moby v20.10, daemon/graphdriver/aufs",
  },
];
