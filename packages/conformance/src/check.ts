import type { Trial } from "./trial/trial.ts";

/**
 * One behaviour of a storage driver, as data. `run` does the thing and says what it saw: nothing (or "reference") for what a
 * plain directory does, or one of the words in `deviations`. An exception is a failure. The runner compares that word with
 * the driver's profile, so a driver must declare each deviation, and one that it declares must really happen.
 */
export interface Check {
  /** The catalogue's row: `CU07`. Unique. */
  readonly id: string;
  readonly title: string;
  /** Where the rule comes from: document, xfstests number, bug thread, measured note. Never empty. */
  readonly cites: readonly string[];
  /** Outcomes a profile may declare instead of the reference's: the word and what it means. */
  readonly deviations?: Readonly<Record<string, string>>;
  /** Host facts it cannot do without; where one is missing the check is skipped with that reason. */
  readonly needs?: readonly Need[];
  /**
   * What of the filesystem below its outcome rests on. Such a check is run on each filesystem of a matrix, the others on the
   * first alone. Empty for one that touches nothing in which filesystems differ, or that makes a filesystem of its own.
   */
  readonly restsOn?: readonly FilesystemTrait[];
  /** Runs only when asked for (`--heavy`), or small on a driver that copies trees. */
  readonly heavy?: boolean;
  /** How long it may take, for a check whose work grows with the number of random programs; default 60 s. */
  readonly limitMs?: (runs: number) => number;
  // biome-ignore lint/suspicious/noConfusingVoidType: a check that saw the reference's outcome just ends.
  run(trial: Trial): Promise<string | void>;
}

export type Need =
  /** The driver really mounts here (not a path handed out). */
  | "mount"
  /** Full root in the initial user namespace: chown, mknod of devices, trusted xattrs. */
  | "root"
  /** Root, of a user namespace at least: it may mount, and mknod 0:0. */
  | "namespace-root"
  /** Such root, to whom the ids up to 65534 are mapped (`copyup unshare` with ranges in /etc/subuid): it may chown. */
  | "ids"
  /** A loop device and mkfs.ext4. */
  | "loop-image"
  /** Another mount namespace can be made by a child (`unshare -m`). */
  | "namespace"
  /** Another process can load the driver: its module tells its `url`. */
  | "own-process"
  /** A program on PATH: `tool:tar`. */
  | `tool:${string}`;

/** In what filesystems differ. */
export type FilesystemTrait =
  /** Extended attributes, ACLs, capabilities: which namespaces there are, how much they hold, what is inherited. */
  | "xattrs"
  /** Inode flags (chattr): which are kept. */
  | "flags"
  /** Times: how fine, who sets them, when they change by themselves. */
  | "times"
  /** Inode and device numbers, link counts and their limit, file handles. */
  | "inodes"
  /** How long a name is, and which bytes it may have. */
  | "names"
  /** readdir: order, types, positions while the directory changes. */
  | "listing"
  /** How data lies on disk: reflink, holes, largest size, direct I/O, what a file costs in blocks. */
  | "extents"
  /** rename with its flags, exchange, O_TMPFILE. */
  | "rename"
  /** Devices, fifos, sockets; so overlay's whiteouts, which are devices. */
  | "special"
  /** fsync and what skips it. */
  | "durability";

/** The outcome of a check that saw what a plain directory does. */
export const REFERENCE = "reference";
