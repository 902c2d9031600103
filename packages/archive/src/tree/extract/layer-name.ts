import { Malformed } from "../../codec/malformed.ts";

/**
 * What a name in a layer archive says, by OCI's image specification
 * (https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts):
 * `plain` is a name, `whiteout` deletes the name after `.wh.`, `opaque` hides the directory's content below, and `ignored`
 * is what aufs keeps for itself in a branch's root and old Docker archives still hold.
 */
export type LayerName = "plain" | "whiteout" | "opaque" | "ignored";

export const WHITEOUT_PREFIX_LENGTH = 4;
const DOT = 0x2e;

/** Throws `Malformed` for the names that are none: `..`, `.wh.`, `.wh..`, `.wh...` and other names of aufs' own kind. */
export function layerNameOf(bytes: Buffer, start: number, end: number): LayerName {
  if (bytes[start] !== DOT) return "plain";
  if (end - start === 2 && bytes[start + 1] === DOT) {
    throw new Malformed("path with a .. component", { hint: "nothing of an archive may lie outside the layer" });
  }
  if (!isWhiteoutName(bytes, start, end)) return "plain";
  const name = bytes.toString("latin1", start + WHITEOUT_PREFIX_LENGTH, end);
  if (name === ".wh..opq") return "opaque";
  if (name === ".wh.plnk" || name === ".wh.orph" || name === ".wh.aufs") return "ignored";
  if (name === "" || name === "." || name === ".." || name.startsWith(".wh.")) {
    throw new Malformed("whiteout for a name that cannot be");
  }
  return "whiteout";
}

/** Begins with `.wh.`: no file of a layer may be called so. */
export function isWhiteoutName(bytes: Buffer, start: number, end: number): boolean {
  return (
    end - start >= WHITEOUT_PREFIX_LENGTH &&
    bytes[start] === DOT &&
    bytes[start + 1] === 0x77 &&
    bytes[start + 2] === 0x68 &&
    bytes[start + 3] === DOT
  );
}
