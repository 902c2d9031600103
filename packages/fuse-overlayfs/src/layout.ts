import { join } from "node:path";
import type { Layer } from "@copyup/core";

/**
 * A layer's body:
 *
 * ```
 *   diff/    the layer's own changes: the upper while it is active, a lower ever after
 *   work/    where the daemon keeps what is open and deleted; on the same mount as diff/
 *   empty/   only in a base: a lower with nothing in it, because the daemon wants one below every upper
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
