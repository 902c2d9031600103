import { join } from "node:path";
import type { Layer } from "@copyup/core";

/**
 * A layer's body:
 *
 * ```
 *   diff/    the layer's own changes: the branch that is written while the layer is active, a lower one ever after
 *   work/    where aufs may make its table of inode numbers if /dev/shm cannot be written; always empty
 * ```
 */
export const BODY_FORMAT = 1;

type HasBody = Pick<Layer, "body">;

export function diffOf(layer: HasBody): string {
  return join(layer.body, "diff");
}

export function workOf(layer: HasBody): string {
  return join(layer.body, "work");
}

/** What aufs makes in the root of a branch that it may write, and shows nowhere. */
export const BASE_WHITEOUT = ".wh..wh.aufs";
export const PSEUDO_LINKS = ".wh..wh.plnk";
export const ORPHANS = ".wh..wh.orph";
