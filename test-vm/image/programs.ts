/**
 * What the suite calls, and what a person needs who looks around in the guest. Taken from the host with the libraries they
 * load. Full programs and not busybox applets: checks compare with GNU tar, mv and find.
 */
export const PROGRAMS: readonly string[] = [
  ..."sh bash".split(" "),
  ..."cat chgrp chmod chown cp cut date dd df du echo env false head id install link ln ls md5sum mkdir mkfifo mknod".split(
    " ",
  ),
  ..."mktemp mv nproc od printf pwd readlink realpath rm rmdir seq sha256sum sleep sort stat sync tail tee test".split(
    " ",
  ),
  ..."timeout touch tr true truncate uname unlink wc xargs".split(" "),
  ..."grep sed find tar bsdtar gzip zstd cmp diff setpriv unshare nsenter mount umount findmnt losetup flock dmesg".split(
    " ",
  ),
  ..."getfattr setfattr getfacl setfacl chacl getcap setcap chattr lsattr".split(" "),
  ..."mkfs.ext4 mke2fs tune2fs e2fsck debugfs mkfs.xfs mkfs.btrfs btrfs mkfs.ext2 fuse-overlayfs fusermount3".split(
    " ",
  ),
];
