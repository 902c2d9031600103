import { join } from "node:path";
import type { Layer } from "@copyup/core";

/**
 * A layer's body:
 *
 * ```
 *   tree/            the whole view of the layer
 *   stamp.json       when the copy of the parent's tree was complete, and in which boot; not in a base, nor in a layer
 *   directories.bin  that came from an archive (core's CopyStamp says what they are for)
 * ```
 */
export const BODY_FORMAT = 1;

type HasBody = Pick<Layer, "body">;

export function treeOf(layer: HasBody): string {
  return join(layer.body, "tree");
}

export function stampOf(layer: HasBody): string {
  return join(layer.body, "stamp.json");
}

export function directoriesOf(layer: HasBody): string {
  return join(layer.body, "directories.bin");
}
