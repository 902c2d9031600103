import { hash } from "node:crypto";

/**
 * One step of OCI's rule (image spec, "Layer ChainID"): a base's chain id is its diff id (`below` undefined); above it,
 * sha256 of "<parent's chain id> <diff id>". Null while a diff id of the chain is not known.
 */
export function chainIdAbove(below: string | null | undefined, diffId: string | null): string | null {
  if (diffId === null || below === null) return null;
  return below === undefined ? diffId : `sha256:${hash("sha256", `${below} ${diffId}`, "hex")}`;
}
