import { join } from "node:path";
import type { Layer } from "@copyup/core";

/**
 * A layer's body:
 *
 * ```
 *   diff/    the layer's own changes: the upper while it is active, a lower ever after
 *   work/    overlay's workdir, on the same mount as diff/ as the kernel wants it
 *   empty/   only in a base: a lower with nothing in it, see docs/decisions/0022
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

export function emptyOf(base: HasBody): string {
  return join(base.body, "empty");
}
