/**
 * What stands behind one `-o`: libfuse splits it at commas and takes a backslash before a character as "this character"
 * (lib/fuse_opt.c, process_opt_sep_arg). The daemon then splits lowerdir at every colon, and up to 1.14 no escape helps.
 */
export function joinOptions(options: readonly string[]): string {
  return options.map((option) => option.replace(/[\\,]/g, "\\$&")).join(",");
}

/**
 * `dev`: without it a device node of a layer cannot be opened (EACCES; as root, where the kernel allows it). `suid` and
 * `allow_other` the daemon asks for itself when it is root. In a user namespace the kernel refuses `dev` and `suid` silently,
 * by setting nosuid and nodev on the mount.
 *
 * Not `writeback=0`, although with the kernel's writeback cache (its default) the time of a written file moves once more when
 * its pages are written: without it a descriptor opened before a copy-up fills the page cache that all share with the lower's
 * old bytes. See docs/decisions/0046.
 */
export const ALWAYS: readonly string[] = ["dev"];
