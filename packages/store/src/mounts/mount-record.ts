import type { MountMode } from "@copyup/core";
import type { ProcessIdentity } from "@copyup/linux";
import type { MountOwner } from "../layer-store.ts";
import type { MountIdentity } from "./identity.ts";
import type { ThisProcess } from "./this-process.ts";

/**
 * One mount of one layer, `run/mounts/<layer>.<target>.<random>.json`. Written as `intent` before the mount, replaced once it
 * is there. Several records of one layer are its reference count.
 */
export interface MountRecord {
  readonly format: 1;
  readonly layer: string;
  /** Absolute, without symlinks. For a path handed out: that. Empty for what is lent. */
  readonly target: string;
  readonly mode: MountMode;
  readonly owner: MountOwner | "lent";
  readonly state: "intent" | "mounted" | "detached";
  /** `own`: a superblock of its own (overlay). `bind`: of a directory on the store's filesystem. `path`: no mount. */
  readonly kind: "own" | "bind" | "path";
  /** Is this layer's upper the upper of that superblock? Then it must never get a second one. */
  readonly writable: boolean;
  readonly process: ThisProcess;
  /** `mnt:[4026531841]`; reused once the namespace is gone. */
  readonly mountNamespace: string;
  /** What stood at the target before; the mount of a killed process is told from it by this. */
  readonly under: MountIdentity | null;
  readonly mount: MountIdentity | null;
  /** A daemon is to serve it: known before there is one. */
  readonly served?: boolean;
  /** The process that serves the mount (FUSE), in the pid namespace of `process`; absent where the kernel does. */
  readonly daemon?: ProcessIdentity | null;
  /** The target is a directory we made below run/mnt/ and remove again. */
  readonly madeTarget: boolean;
}

export interface FiledRecord {
  readonly file: string;
  readonly record: MountRecord;
}
