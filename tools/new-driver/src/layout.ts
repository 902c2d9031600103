import { join } from "node:path";
import type { Dialect, Host, Layer } from "../../../packages/core/src/index.ts";

/**
 * A layer's body:
 *
 * ```
 *   tree/    the whole view of the layer
 * ```
 *
 * A body is renamed and copied, so nothing in it may hold an absolute path. Raise BODY_FORMAT when a body made before could be
 * misread after a change: a store refuses layers with another number.
 */
export const BODY_FORMAT = 1;

type HasBody = Pick<Layer, "body">;

export function treeOf(layer: HasBody): string {
  return join(layer.body, "tree");
}

/** A tree holds no marks: what is not there is not there. */
export function dialectOf(_host: Pick<Host, "userNamespace">): Dialect {
  return "tree";
}
