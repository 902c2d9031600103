import type { PaxTime } from "./pax-numbers.ts";
import type { SparseRecords } from "./sparse-map.ts";

/**
 * What one extended header says, or all global ones so far. `undefined`: nothing. `null`: an empty value, which deletes
 * what the ones before said, so that the plain header's field counts again (POSIX).
 */
export class PaxFields {
  path: Buffer | null | undefined = undefined;
  linkPath: Buffer | null | undefined = undefined;
  size: number | null | undefined = undefined;
  uid: number | null | undefined = undefined;
  gid: number | null | undefined = undefined;
  mtime: PaxTime | null | undefined = undefined;
  devMajor: number | null | undefined = undefined;
  devMinor: number | null | undefined = undefined;
  /** Text form. */
  accessAcl: Buffer | null | undefined = undefined;
  defaultAcl: Buffer | null | undefined = undefined;
  /** By the name as it stands in the key, escapes and all; see `XattrRecord`. */
  xattrs: Map<string, XattrRecord> | null = null;
  /** Names with a NUL each, to stop early. */
  xattrListBytes = 0;
  sparse: SparseRecords | null = null;
}

/** libarchive writes every attribute twice under one escaped key; its own form is the one that says all names. */
export interface XattrRecord {
  /** Latin1: one character, one byte. */
  readonly name: string;
  readonly value: Buffer;
  readonly form: "schily" | "libarchive";
}
