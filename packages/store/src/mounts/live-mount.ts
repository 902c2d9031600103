import type { Holder } from "@copyup/linux";
import type { FiledRecord, MountRecord } from "./mount-record.ts";

/** A record after it was compared with what the kernel has. */
export interface LiveMount extends FiledRecord {
  readonly record: MountRecord;
  /**
   * `here`: mounted in this namespace, at `at`. `elsewhere`: in another one. `detached`: gone from its place and still used.
   * `path`: the layer's own directory was handed out. `lent`: somebody else mounts it.
   */
  readonly state: "here" | "elsewhere" | "detached" | "path" | "lent";
  /** Where it is now: the target, unless a directory above was renamed. */
  readonly at: string;
  /** The daemon that served it has died: it is there, and every access fails until it is unmounted. */
  readonly dead?: boolean;
  /** `here`: only of a mount that a dead process left and that somebody keeps busy. */
  readonly holders: readonly Holder[];
}
