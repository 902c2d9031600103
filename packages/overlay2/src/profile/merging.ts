import { beforeKernel, exceptOnFilesystem, inUserNamespace, type Known } from "@copyup/core";
import { withoutXinoAuto } from "./conditions.ts";

/** What whiteouts and merged directories cannot hide. */
export const MERGING: readonly Known[] = [
  {
    check: "WH06",
    outcome: "EXDEV",
    because: "a directory that a lower layer has is not renamed without redirect_dir; mv copies it",
    source: 'Documentation/filesystems/overlayfs.rst, "renaming directories"; moby#25409',
  },
  {
    check: "WH09",
    outcome: "EPERM",
    because: "a 0:0 character device is overlay's whiteout",
    source: 'Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories"',
  },
  {
    check: "WH20",
    outcome: "not-understood",
    because: "whiteouts that are xattrs came with overlay in overlay",
    source:
      'Documentation/filesystems/overlayfs.rst, "Nesting overlayfs mounts"; commits bc8df7a3dc03 "ovl: Add an alternative type of whiteout" (6.7) and 420332b94119, which writes it opaque=x (6.8 and 6.7.x); shown on 5.10 and 6.1, hidden on 6.12 (measured)',
    when: beforeKernel(6, 7),
  },
  {
    check: "WH35",
    outcome: "EXDEV",
    because: "as WH06: an exchange renames both",
    source: "fs/overlayfs/dir.c, ovl_rename; measured on 6.18",
  },
  {
    check: "ME04",
    outcome: "dir-nlink-1",
    because:
      "overlay does not count the subdirectories of a merged directory (on btrfs every directory has link count 1 anyhow)",
    source: "fs/overlayfs/inode.c, ovl_getattr",
    when: exceptOnFilesystem("btrfs"),
  },
  {
    check: "ME15",
    outcome: "device-per-layer",
    because: "with layers on several filesystems and xino off, a file's device number is its layer's own",
    source: 'Documentation/filesystems/overlayfs.rst, "Inode properties"',
    when: withoutXinoAuto,
  },
  {
    check: "ME09",
    outcome: "overlay-xattr-refused",
    because: "overlay's private xattrs cannot be set inside; since 6.7 they are kept escaped",
    source:
      'Documentation/filesystems/overlayfs.rst, "Nesting overlayfs mounts"; commit dad02fad84cb "ovl: Support escaped overlay.* xattrs"; xfstests overlay/026; EOPNOTSUPP on 5.10 and 6.1, works on 6.12 (measured)',
    when: beforeKernel(6, 7),
  },
  {
    check: "ME11",
    outcome: "ino-not-stable",
    because: "as CU25: after a remount a copied-up name has its upper inode's number",
    source: "fs/overlayfs/util.c, ovl_can_decode_fh",
    when: inUserNamespace,
  },
];
