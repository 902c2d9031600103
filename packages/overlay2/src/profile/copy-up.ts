import { all, beforeKernel, either, inUserNamespace, type Known, onFilesystem, withoutReflink } from "@copyup/core";

const RST = "Documentation/filesystems/overlayfs.rst";

/** What copying a lower file to the upper when it is first written cannot hide. */
export const COPY_UP: readonly Known[] = [
  {
    check: "CU07",
    outcome: "link-broken",
    because: "without an index (index=off) each name of a lower hard link group is copied up for itself",
    source: `${RST}, "Non-standard behavior" and "inode index"; xfstests overlay/018`,
  },
  {
    check: "CU08",
    outcome: "nlink-stale",
    because: "without an index the link count stays the lower inode's",
    source: "xfstests overlay/033",
  },
  {
    check: "CU11",
    outcome: "coarse-holes",
    because: "data is copied in pieces of 1 MiB, and only holes between pieces are left out",
    source: "fs/overlayfs/copy_up.c, OVL_COPY_UP_CHUNK_SIZE",
    // Found on 5.10: overlay's layers are mounts of its own, and btrfs cloned only within one ("btrfs: remove the cross file system
    // checks from remap", in 5.18; xfs never asked).
    when: either(withoutReflink, all(onFilesystem("btrfs"), beforeKernel(5, 18))),
  },
  {
    check: "CU14",
    outcome: "mapping-keeps-old",
    because: "a shared mapping stays on the lower file's pages",
    source: `${RST}, "Non-standard behavior" b; xfstests overlay/061`,
  },
  {
    check: "CU17",
    outcome: "copies-data",
    because: "with metacopy=off any change copies the whole file",
    source: `${RST}, "Metadata only copy up"`,
  },
  {
    check: "CU20",
    outcome: "copies-on-open",
    because: "opening for writing copies up, whether anything is written or not",
    source: `${RST}, "Non-directories"`,
  },
  {
    check: "CU25",
    outcome: "changes-on-remount",
    because:
      "the lower inode that a copied-up file had is found by a file handle, which takes CAP_DAC_READ_SEARCH on the host",
    source: "fs/overlayfs/util.c, ovl_can_decode_fh",
    when: inUserNamespace,
  },
  {
    check: "CU45",
    outcome: "inode-of-its-own",
    because: "as CU25: the link is looked up anew and its lower inode is not found, so it gets an inode of its own",
    source: "fs/overlayfs/dir.c, ovl_instantiate (d_drop of a hard link) and ovl_rename; measured on 6.18",
    when: inUserNamespace,
  },
  {
    check: "CU26",
    outcome: "no-tmpfile",
    because: "overlay learned O_TMPFILE in 6.10; older kernels answer EOPNOTSUPP",
    source: 'commit 9a87907de359 "ovl: implement tmpfile"; refused on 5.10 and 6.1, works on 6.12 (measured)',
    when: beforeKernel(6, 10),
  },
  {
    check: "CU27",
    outcome: "whiteout-refused",
    because: "RENAME_WHITEOUT would make one of overlay's own marks (EINVAL)",
    source: "fs/overlayfs/dir.c, ovl_rename; EINVAL on 5.10, 6.1, 6.12, 6.18 and 7.2 (measured)",
  },
  {
    check: "CU29",
    outcome: "text-writable",
    because:
      "a lower program that runs can be opened for writing, which copies it up: before 5.15 the kernel guarded the lower inode only",
    source: `${RST}, "Non-standard behavior" c; commit fe69d560b5bd "kernel/fork: always deny write access to current MM exe_file"; opened on 5.10, ETXTBSY on 6.1 (measured)`,
    when: beforeKernel(5, 15),
  },
  {
    check: "CU42",
    outcome: "flag-dropped",
    because: "inode flags are copied up since 5.15",
    source:
      'commit 72db82115d2b "ovl: copy up sync/noatime fileattr flags"; xfstests overlay/078, overlay/082; lost on 5.10, kept on 6.1 (measured)',
    when: beforeKernel(5, 15),
  },
  {
    check: "CU41",
    outcome: "atime-frozen",
    because: "a lower file is never written to, not even its access time",
    source: `${RST}, "Non-standard behavior" a`,
  },
  {
    check: "CU46",
    outcome: "link-broken",
    because: "as CU07",
    source: `${RST}, "inode index"; measured on 6.18`,
  },
];
