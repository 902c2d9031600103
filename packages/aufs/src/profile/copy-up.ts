import { exceptOnFilesystem, type Known, withoutReflink, withReflink } from "@copyup/core";

const MEASURED = "measured on 6.1 with aufs 6.1-20240701";

/** What copying a lower file to the upper when it is first written cannot hide. */
export const COPY_UP: readonly Known[] = [
  {
    check: "CU04",
    outcome: "left-empty",
    because: "removing an attribute sets it to nothing instead: aufs passes the removal on as a value of no bytes",
    source: `fs/aufs/xattr.c, au_setxattr; ${MEASURED}`,
  },
  {
    check: "CU06",
    outcome: "left-unreadable",
    because: "as CU04: what drops a capability leaves one of no bytes, which the kernel refuses to read (EINVAL)",
    source: MEASURED,
  },
  {
    check: "CU08",
    outcome: "nlink-stale",
    because: "a copied-up name counts the lower inode's links, and the deleted name is still one of them",
    source: MEASURED,
  },
  {
    check: "CU12",
    outcome: "holes-read",
    because: "a file is read whole; blocks of zeros become holes of the copy",
    source: `fs/aufs/cpup.c, au_do_copy_file; 5 GiB take 134 s in an emulated machine, ${MEASURED}`,
    when: withoutReflink,
  },
  {
    check: "CU14",
    outcome: "mapping-keeps-old",
    because: "a shared mapping stays on the lower file's pages",
    source: MEASURED,
  },
  {
    check: "CU17",
    outcome: "copies-data",
    because: "any change copies the whole file",
    source: MEASURED,
  },
  {
    check: "CU18",
    outcome: "parent-times",
    because: "what is copied up is made in its directory, whose time aufs does not put back",
    source: MEASURED,
  },
  {
    check: "CU25",
    outcome: "changes-on-remount",
    because: "inode numbers are given out as names are looked up, anew in each mount",
    source: MEASURED,
  },
  {
    check: "CU27",
    outcome: "whiteout-refused",
    because: "RENAME_WHITEOUT is EINVAL",
    source: MEASURED,
  },
  {
    check: "CU32",
    outcome: "EINVAL",
    because: "the copy-up takes only the bytes that are to stay, by a clone, and a clone ends where a block does",
    source: `ioctl_ficlonerange(2), EINVAL; ${MEASURED}, on xfs`,
    when: withReflink,
  },
  {
    check: "CU36",
    outcome: "no-clone",
    because: "aufs has no operation for it, though its own copy-up clones",
    source: `${MEASURED}, on xfs`,
    when: withReflink,
  },
  {
    check: "CU37",
    outcome: "times-truncated",
    because: "times that are set through the mount lose their nanoseconds; those of a copy-up keep them",
    source: MEASURED,
  },
  {
    check: "CU39",
    outcome: "parent-times",
    because: "as CU18",
    source: MEASURED,
  },
  {
    check: "CU41",
    outcome: "atime-frozen",
    because: "a lower file is never written to, not even its access time",
    source: MEASURED,
  },
  {
    check: "CU42",
    outcome: "flag-dropped",
    because: "inode flags are not copied up, and cannot be asked for through the mount (ENOTTY)",
    source: MEASURED,
  },
  {
    check: "CU47",
    outcome: "empty-lost",
    because: "an attribute of no bytes ends its copying like one that is not there",
    source: `fs/aufs/xattr.c, au_do_cpup_xattr; ${MEASURED}`,
  },
  {
    check: "CU48",
    outcome: "default-EACCES",
    because: "whether it is a directory is asked before whether it can have an ACL",
    source: MEASURED,
  },
  {
    check: "CU49",
    outcome: "time-kept",
    because:
      "the copy-up takes only the bytes that are to stay; ext4 sets the time all the same, other filesystems see no change of size",
    source: `fs/aufs/i_op.c, au_pin_and_icpup; ${MEASURED}, on xfs and tmpfs`,
    when: exceptOnFilesystem("ext4"),
  },
];
