/**
 * What CI runs on the oldest and the newest kernel: something of each family, and all that is known to differ between
 * kernels. Small enough for some three minutes a guest on a busy machine; the matrix runs the rest.
 */
export const SMOKE: readonly string[] = [
  // Copy-up: hard links, attributes, holes; O_TMPFILE (6.10), programs that run (5.15), inode flags (5.15).
  ..."CU02 CU03 CU07 CU11 CU26 CU27 CU29 CU42".split(" "),
  // Whiteouts and opaque directories, those of xattrs (6.7), 1, 2 and 10 layers.
  ..."WH01 WH04 WH06 WH09 WH10 WH20 WH27".split(" "),
  // Merging; escaped private xattrs (6.7); inode numbers with xino as the kernel has it.
  ..."ME02 ME04 ME09 ME11 ME15".split(" "),
  // Busy and lazy unmounts, another namespace, two mounts, volatile (5.10).
  ..."UM01 UM03 UM05 UM07 UM15 UM17 UM24".split(" "),
  // mount(2)'s page of options, fsconfig's 255 bytes, lowerdir+ (6.7) and descriptors (6.13), 128 layers, tmpfs without an index.
  ..."LA02 LA03 LA06 LA11 LA17 LA18 LA21 LA24 LA29".split(" "),
  ..."DA02 DA08 DA10 DA11 LY01 LY13 MT03 MT10 MT15".split(" "),
  // userxattr in a user namespace (5.11), other users.
  ..."SE01 SE02 SE08".split(" "),
  ..."FA01 FA04 FA06 FA12 FA14 KL05 CD03 CD04 PN09 PN11 PN14 RD01".split(" "),
];
