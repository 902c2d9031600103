import { exceptOnFilesystem, type Known } from "@copyup/core";

const MEASURED = "measured with fuse-overlayfs 1.10 on 6.18";

/** What whiteouts, merged directories and the daemon itself cannot hide. */
export const MERGING: readonly Known[] = [
  {
    check: "WH06",
    outcome: "EXDEV",
    because: "a directory that a lower layer has is not renamed; mv copies it",
    source: `fuse-overlayfs main.c, ovl_rename (1.10); ${MEASURED}`,
  },
  {
    check: "WH08",
    outcome: "daemon-killed",
    because:
      "it looks for a whiteout .wh.NAME of every name, which is too long from 252 bytes on, and deleting such a name of a lower layer aborts the daemon",
    source: `catalogue WH08; ${MEASURED}`,
  },
  {
    check: "WH09",
    outcome: "ENOENT",
    because: "a 0:0 character device is its whiteout: it is made and then not found",
    source: `catalogue WH09; ${MEASURED}`,
  },
  {
    check: "WH13",
    outcome: "helpers-left",
    because: "every directory made in the upper gets the marker files .wh..wh..opq and .wh..opq",
    source: `fuse-overlayfs main.c, set_fd_opaque (1.10); ${MEASURED}`,
  },
  {
    check: "WH14",
    outcome: "EINVAL",
    because: "names beginning .wh. are its own",
    source: "fuse-overlayfs main.c, do_lookup_file and ovl_do_open (1.10)",
  },
  {
    check: "WH18",
    outcome: "setgid-ignored",
    because: "what is made gets the caller's group, whatever the directory says",
    source: `catalogue WH18; ${MEASURED}`,
  },
  {
    check: "WH26",
    outcome: "rest-copied-up",
    because: "the names of a link group are one node, so deleting one of them touches the others",
    source: MEASURED,
  },
  {
    check: "WH34",
    outcome: "old-name-back",
    because: "the rename of a directory that hides a lower one leaves no whiteout under the old name",
    source: MEASURED,
  },
  {
    check: "WH35",
    outcome: "lost-to-a-file",
    because:
      "a directory of a lower layer is refused beside another directory and as the first name, not beside a file as the first",
    source: MEASURED,
  },
  {
    check: "ME04",
    outcome: "nlink-of-known-names",
    because: "the daemon counts the names it has met itself since the mount",
    source: MEASURED,
  },
  {
    check: "ME08",
    outcome: "short-names",
    because: "four bytes of each name are kept free for .wh.",
    source: "fuse-overlayfs main.c, ovl_statfs (1.10)",
  },
  {
    check: "ME09",
    outcome: "overlay-xattr-refused",
    because: "it keeps xattrs with overlay's prefixes for itself and escapes none",
    source: "fuse-overlayfs main.c, can_access_xattr (1.10)",
  },
  {
    check: "ME15",
    outcome: "numbers-collide",
    because: "it hands on the inode numbers of the filesystems below, under one device number",
    source: `fuse-overlayfs 1849851, "st_ino needs to be unique", after 1.16; ${MEASURED}`,
  },
  {
    check: "LY07",
    outcome: "made-and-hidden",
    because: "mkdir does not refuse a name beginning .wh. as create does, and later no listing shows it",
    source: MEASURED,
  },
  {
    check: "SE08",
    outcome: "names-listed",
    because: "the daemon lists xattrs with its own rights (on btrfs any user is told the names anyhow)",
    source: MEASURED,
    when: exceptOnFilesystem("btrfs"),
  },
];
