import type { Dialect } from "@copyup/core";
import type { LongOptions, Losses, ViewParts } from "../contract.ts";
import type { ExtractLimits } from "./limits.ts";

export interface ExtractTarget {
  /** Absolute path of an existing, empty directory. */
  readonly dir: string;
  readonly dialect: Dialect;
  /** The view the layer lies on; null for a base. */
  readonly below: ViewParts | null;
}

export interface ExtractOptions extends LongOptions {
  /** Count what this user cannot store (owners, devices, trusted xattrs) instead of failing with NOT_REPRESENTABLE. */
  readonly lossy?: boolean | undefined;
  /** Of `ReadLimits` those that are not to be the default. */
  readonly limits?: Partial<ExtractLimits> | undefined;
  /** Where to write the layer's manifest meanwhile; an existing file is replaced. See `Extracted.manifest`. */
  readonly manifest?: string | undefined;
  /** Take the sum of a compressed archive as it comes, too; default false. */
  readonly compressedDigest?: boolean | undefined;
}

export interface Extracted {
  /** `sha256:…` of the plain archive: the layer's diff id. */
  readonly diffId: string;
  /** `sha256:…` of the archive as it came; the diff id where it was not compressed. Null for a compressed one unless asked for. */
  readonly compressedDigest: string | null;
  /** In the archive. */
  readonly entries: number;
  /** Of its files' contents, holes included. */
  readonly bytes: number;
  readonly losses: Losses;
  /**
   * The manifest asked for is whole: in the archive's order, and with everything that `writeManifest` would have told. False
   * where that was not to be known without reading the layer (an entry that replaced one before it, an opaque directory, a
   * hard link to a file below); what was written until then is nothing.
   */
  readonly manifest: boolean;
}
