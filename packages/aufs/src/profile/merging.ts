import type { Known } from "@copyup/core";

const MEASURED = "measured on 6.1 with aufs 6.1-20240701";

/** What whiteouts and merged directories cannot hide. */
export const MERGING: readonly Known[] = [
  {
    check: "WH06",
    outcome: "EXDEV-unless-empty",
    because: "a directory with content in a lower branch is not renamed; mv copies it",
    source: MEASURED,
  },
  {
    check: "WH08",
    outcome: "ENAMETOOLONG",
    because:
      "names have 242 bytes, because .wh. and more must stand before them; longer ones are neither applied nor imported, since the mount would list them and let nobody use them",
    source: MEASURED,
  },
  {
    check: "WH14",
    outcome: "EPERM",
    because: "names beginning .wh. are aufs' own marks",
    source: MEASURED,
  },
  {
    check: "WH35",
    outcome: "second-loses-content",
    because: "an exchange tests the first directory for content below twice, and the second not at all",
    source: `fs/aufs/i_op_ren.c, au_ren_may_dir; ${MEASURED}`,
  },
  {
    check: "ME04",
    outcome: "dir-nlink-summed",
    because: "the link count of a merged directory is made of those in all its branches, aufs' own directories too",
    source: MEASURED,
  },
  {
    check: "ME08",
    outcome: "short-names",
    because: "names have 242 bytes",
    source: MEASURED,
  },
  {
    check: "ME11",
    outcome: "ino-not-stable",
    because: "as CU25",
    source: MEASURED,
  },
];
