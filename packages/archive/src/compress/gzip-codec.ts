import { findIsal } from "@copyup/linux";

/** What inflates gzip streams. */
export type GzipCodec = "isa-l" | "zlib";

export interface GzipCodecChoice {
  readonly codec: GzipCodec;
  /** For people: why this one. */
  readonly reason: string;
}

/**
 * Which codec reads gzip archives here: ISA-L (libisal.so.2) where it is installed, node:zlib otherwise, or when the environment variable
 * COPYUP_GZIP is `zlib`. Both read the same streams and refuse the same ones.
 */
export function gzipCodec(): GzipCodecChoice {
  if (process.env.COPYUP_GZIP === "zlib") return { codec: "zlib", reason: "COPYUP_GZIP=zlib" };
  const found = findIsal();
  if ("library" in found) return { codec: "isa-l", reason: "libisal.so.2 is installed" };
  return { codec: "zlib", reason: found.absent };
}
