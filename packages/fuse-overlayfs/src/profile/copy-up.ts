import { inUserNamespace, type Known, withoutReflink, withReflink } from "@copyup/core";

const MEASURED = "measured with fuse-overlayfs 1.10 on 6.18";

/** What copying a lower file to the upper loses, or does not hide. */
export const COPY_UP: readonly Known[] = [
  {
    check: "CU02",
    outcome: "suid-lost",
    because: "the copy gets its mode before its owner, and a change of the owner takes the set-id bits",
    source: `fuse-overlayfs main.c, copyup (1.10); ${MEASURED}`,
  },
  {
    check: "CU05",
    outcome: "umask-applied",
    because: "the daemon applies the caller's umask itself, and does so in directories with a default ACL too",
    source: `fuse-overlayfs main.c, FUSE_CAP_DONT_MASK (1.10); ${MEASURED}`,
  },
  {
    check: "CU07",
    outcome: "in-mounts-only",
    because:
      "the copy notes the file it came from, and a daemon that meets both shows one inode; the other names in the layers still have the old bytes",
    source: `fuse-overlayfs main.c, ORIGIN_XATTR and register_inode (1.10); ${MEASURED}`,
  },
  {
    check: "CU10",
    outcome: "made-anew",
    because: "a symlink is made anew; its time is not set, and its owner only by a chown",
    source: `catalogue CU10; ${MEASURED}`,
  },
  {
    check: "CU11",
    outcome: "filled",
    because: "holes are copied as zeros; where the filesystem clones, the daemon clones the whole file, holes and all",
    source: `catalogue CU11; ${MEASURED}`,
    when: withoutReflink,
  },
  {
    check: "CU12",
    outcome: "filled",
    because: "as CU11",
    source: `catalogue CU12; ${MEASURED}`,
    when: withoutReflink,
  },
  {
    check: "CU12",
    outcome: "holes-not-told",
    because: "SEEK_DATA through the mount takes all of a file for data",
    source: `${MEASURED}, on xfs and btrfs`,
    when: withReflink,
  },
  {
    check: "CU36",
    outcome: "no-clone",
    because: "the kernel asks no FUSE daemon to clone a file",
    source: `ioctl_ficlone(2), EOPNOTSUPP; ${MEASURED}, on xfs and btrfs`,
    when: withReflink,
  },
  {
    check: "CU17",
    outcome: "copies-data",
    because: "any change copies the whole file",
    source: `fuse-overlayfs main.c, get_node_up (1.10); ${MEASURED}`,
  },
  {
    check: "CU18",
    outcome: "parent-times-setgid-lost",
    because:
      "a copy appears in the upper's directory like any new file, which changes the directory's time; the copy of a directory loses set-group-id as CU02",
    source: MEASURED,
  },
  {
    check: "CU19",
    outcome: "nodes-become-files",
    because: "the copy-up of a node makes a regular file, and then fails to open what it copies from",
    source: `catalogue CU19; ${MEASURED}`,
  },
  {
    check: "CU20",
    outcome: "copies-on-open",
    because: "opening for writing copies up, whether anything is written or not",
    source: `fuse-overlayfs main.c, ovl_do_open (1.10); ${MEASURED}`,
  },
  {
    check: "CU25",
    outcome: "changes-on-remount",
    because: "after a remount the inode number is the copy's",
    source: MEASURED,
  },
  {
    check: "CU26",
    outcome: "no-tmpfile",
    because: "libfuse's low-level interface has no tmpfile operation in this version (EOPNOTSUPP)",
    source: `catalogue CU26; ${MEASURED}`,
  },
  {
    check: "CU27",
    outcome: "whiteout-hidden",
    because: "the 0:0 device that RENAME_WHITEOUT leaves is the filesystem's own whiteout",
    source: `catalogue CU27; ${MEASURED}`,
  },
  {
    check: "CU30",
    outcome: "nlink-stale",
    because: "what is deleted while it is open is moved to the workdir, where it has a name",
    source: "fuse-overlayfs main.c, hide_node (1.10)",
  },
  {
    check: "CU31",
    outcome: "flag-dropped",
    because: "inode flags are not copied",
    source: `catalogue CU31; ${MEASURED}`,
  },
  {
    check: "CU34",
    outcome: "suid-kept",
    because: "the kernel leaves set-id bits to the daemon, which takes none off; as root the host's filesystem does it",
    source: MEASURED,
    when: inUserNamespace,
  },
  {
    check: "CU39",
    outcome: "parent-times",
    because: "as CU18",
    source: MEASURED,
  },
  {
    check: "CU44",
    outcome: "ENOENT",
    because: "the daemon sets xattrs through a path that it lets the kernel resolve, symlink and all",
    source: MEASURED,
  },
  {
    check: "PN12",
    outcome: "copies-data",
    because: "as CU17",
    source: MEASURED,
  },
  {
    check: "CU41",
    outcome: "atime-frozen",
    because: "it mounts itself noatime, and the kernel keeps no access times for FUSE",
    source: "fuse-overlayfs main.c, get_new_args (1.10)",
  },
  {
    check: "CU42",
    outcome: "flag-dropped",
    because: "as CU31",
    source: MEASURED,
  },
  {
    check: "CU46",
    outcome: "until-unmount",
    because: "as CU07: the layer has the old bytes under the other name",
    source: MEASURED,
  },
];
