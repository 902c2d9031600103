import type { Known } from "@copyup/core";

/** What the program, the kernel or the filesystem below does not let it do. */
export const LIMITS: readonly Known[] = [
  {
    check: "LA06",
    outcome: "refused",
    because: "the upper's path is resolved and then split at colons, and nothing escapes one there",
    source: "fuse-overlayfs main.c, read_dirs (1.10; 1.15 takes an escape for lowers only)",
  },
  {
    check: "LA13",
    outcome: "refused",
    because: "on FUSE no 0:0 device can be made, so there are no whiteouts",
    source: "measured with fuse-overlayfs 1.10 on itself, 6.18",
  },
  {
    check: "LA17",
    outcome: "link-lost-in-archive",
    because: "as CU07: only the daemon's mounts show the link",
    source: "measured with fuse-overlayfs 1.10 on 6.18",
  },
  {
    check: "LA18",
    outcome: "EXDEV",
    because: "it has no redirects: redirect_dir=off is all it takes",
    source: "fuse-overlayfs main.c, main (1.10)",
  },
  {
    check: "LA27",
    outcome: "refused",
    because: "without user.* xattrs nothing notes what a copied-up file came from",
    source: "fuse-overlayfs main.c, ORIGIN_XATTR (1.10); CU07 on a tmpfs of 5.10",
  },
  {
    check: "LA28",
    outcome: "symlink-enomem",
    because: "the error of symlinkat is not handed on",
    source: "measured with fuse-overlayfs 1.10 on 6.18 (xfs)",
  },
  {
    check: "FA01",
    outcome: "copy-up-needs-space",
    because: "the first write to a lower file copies all of it",
    source: "measured with fuse-overlayfs 1.10 on 6.18",
  },
  {
    check: "FA02",
    outcome: "removal-needs-an-inode",
    because: "deleting a lower file makes a whiteout in the upper",
    source: "measured with fuse-overlayfs 1.10 on 6.18",
  },
  {
    check: "FA08",
    outcome: "written-late",
    because: "the kernel's writeback cache takes what is written, and learns of the quota when the daemon writes it",
    source: "fuse-overlayfs main.c, FUSE_CAP_WRITEBACK_CACHE (1.10); docs/decisions/0046",
  },
  {
    check: "SE02",
    outcome: "refused",
    because: "it wants to mount and unmount itself, without fusermount3",
    source: "docs/decisions/0045",
  },
];
