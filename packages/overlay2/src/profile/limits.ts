import { all, beforeKernel, either, type Known, onFilesystem } from "@copyup/core";

/** What the kernel or the filesystem below does not let overlay do. */
export const LIMITS: readonly Known[] = [
  {
    check: "LA01",
    outcome: "limit-499",
    because: "overlay takes 500 lowers, and in a view of a layer the layer itself is one",
    source: "fs/overlayfs/params.h, OVL_MAX_STACK; 501 refused on 5.10, 6.1, 6.12 and 7.2 (measured)",
  },
  {
    check: "LA13",
    outcome: "refused",
    because: "overlay does not take an overlay as upper",
    source: "fs/overlayfs/super.c, ovl_get_upper; xfstests overlay/022",
  },
  {
    check: "LA18",
    outcome: "redirect-refused",
    because:
      "redirects are not followed: a layer is complete in itself (docs/decisions/0021), and its diff refuses them by name",
    source: 'Documentation/filesystems/overlayfs.rst, "renaming directories"; EPERM and not listed on 6.18 (measured)',
  },
  {
    check: "LA26",
    outcome: "refused",
    because: "without d_type overlay lists what was deleted; the kernel mounts it all the same",
    source: "moby#10294; xfstests overlay/003; mounted with a line in the kernel log on 5.10 to 7.2 (measured)",
  },
  {
    check: "LA27",
    outcome: "refused",
    because: "without xattrs a replaced directory cannot be marked; the kernel mounts it all the same",
    source: "fs/overlayfs/super.c, ovl_make_workdir",
  },
  {
    check: "SE01",
    outcome: "refused",
    because:
      "overlay cannot be mounted in a user namespace, or has no user.* xattrs there to mark with, which tmpfs keeps since 6.6",
    source:
      'Documentation/filesystems/overlayfs.rst, "User xattr"; commit 459c7c565ac3 "ovl: unprivieged mounts"; EPERM on 5.10 (measured); commit 2daf18a7884d "tmpfs,xattr: enable limited user extended attributes"; EOPNOTSUPP on 6.1 (measured)',
    when: either(beforeKernel(5, 11), all(onFilesystem("tmpfs"), beforeKernel(6, 6))),
  },
  {
    check: "SE02",
    outcome: "refused",
    because: "mounting overlay takes CAP_SYS_ADMIN, of the host's root or in a user namespace of one's own",
    source: "mount(2), EPERM",
  },
  {
    check: "FA01",
    outcome: "copy-up-needs-space",
    because: "the first write to a lower file copies all of it",
    source: 'Documentation/filesystems/overlayfs.rst, "Non-directories"',
  },
  {
    check: "FA02",
    outcome: "removal-needs-an-inode",
    because: "deleting a lower file makes a whiteout in the upper",
    source: 'Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories"',
  },
  {
    check: "PN09",
    outcome: "refused",
    because: "overlay does not take an overlay as upper",
    source: "fs/overlayfs/super.c, ovl_get_upper; containerd#3144",
  },
  {
    check: "PN10",
    outcome: "refused",
    because: "without d_type overlay lists what was deleted; the kernel mounts it all the same",
    source: "moby#10294",
  },
  {
    check: "PN12",
    outcome: "copies-data",
    because: "with metacopy=off any change copies the whole file",
    source: 'Documentation/filesystems/overlayfs.rst, "Metadata only copy up"; docker/for-linux#388',
  },
];
