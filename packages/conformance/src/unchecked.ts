/**
 * A row of the catalogue that no check proves, and why: told in every report, so that nobody takes silence for a promise.
 */
export interface UncheckedRow {
  readonly id: string;
  readonly title: string;
  /** What it would take: "needs SELinux, which …". */
  readonly why: string;
}

export const uncheckedRows: readonly UncheckedRow[] = [
  {
    id: "SE10",
    title: "SELinux: the context= mount option is passed through, quoted where it holds a comma",
    why: "needs a kernel booted with SELinux: where this suite was written /sys/fs/selinux is missing and /proc/filesystems lists no selinuxfs, and no driver here has such an option",
  },
];
