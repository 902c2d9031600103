/** What a driver's probe found about one feature it needs or would like. */
export interface Finding {
  /** e.g. `overlay-mount`, `d_type`, `xattr`. */
  readonly feature: string;
  readonly ok: boolean;
  /** false: the driver works without it, less well. */
  readonly required: boolean;
  /**
   * Three refusals kept apart: the kernel cannot (`unsupported`), something is missing that a person can change
   * (`prerequisite`: root, a package, a module), or this filesystem does not do (`unsuitable-fs`).
   */
  readonly kind: "unsupported" | "prerequisite" | "unsuitable-fs";
  /** What was tried and what the kernel said. */
  readonly evidence: string;
  /** What to do about it; null where nothing can be done or nothing needs to be. */
  readonly fix: string | null;
}

/** The host as drivers need to know it; made once by the linux package's `describeHost`. */
export interface Host {
  /** `uname -r`, and its first two numbers. */
  readonly kernelRelease: string;
  readonly kernel: readonly [major: number, minor: number];
  readonly arch: string;
  readonly euid: number;
  /** In a user namespace other than the initial one. */
  readonly userNamespace: boolean;
  /** CAP_SYS_ADMIN is effective here (in the current user namespace). */
  readonly sysAdmin: boolean;
  /** May chown, mknod and set trusted.* as the initial namespace's root may. */
  readonly fullRoot: boolean;
  /** Of /proc/filesystems. */
  readonly filesystems: readonly string[];
  readonly bootId: string;
}

/** A directory and the filesystem it is on; made by the linux package's `describeDirectory`. */
export interface Directory {
  readonly path: string;
  /** `ext4`, `xfs`, `btrfs`, `tmpfs`, `overlay`, … from mountinfo. */
  readonly filesystem: string;
  /** Does readdir give types? Without them overlay's whiteouts show up in listings. */
  readonly dType: boolean;
  /** FICLONE works between two files here. */
  readonly reflink: boolean;
  /** Which xattr namespaces can be set here by this process. */
  readonly xattrs: { readonly user: boolean; readonly trusted: boolean };
  readonly nameMax: number;
}

/** A driver works where each finding it needs is good. */
export function supported(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.ok || !finding.required);
}
