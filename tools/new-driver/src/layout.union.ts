import { join } from "node:path";
import type { Dialect, Host, Layer } from "../../../packages/core/src/index.ts";

/**
 * A layer's body:
 *
 * ```
 *   diff/    the layer's own changes: the upper while it is active, a lower ever after
 *   work/    for a filesystem that needs a workdir beside its upper
 * ```
 *
 * A body is renamed and copied, so nothing in it may hold an absolute path. Raise BODY_FORMAT when a body made before could be
 * misread after a change: a store refuses layers with another number.
 */
export const BODY_FORMAT = 1;

type HasBody = Pick<Layer, "body">;

export function diffOf(layer: HasBody): string {
  return join(layer.body, "diff");
}

export function workOf(layer: HasBody): string {
  return join(layer.body, "work");
}

/**
 * How whiteouts and opaque directories are spelt in `diff/`; core's Dialect says what each name means. It is the filesystem
 * that reads them when it mounts, so this is its choice. An older layer's stands in its layer.json and may be another.
 */
export function dialectOf(host: Pick<Host, "userNamespace">): Dialect {
  return host.userNamespace ? "overlay-user" : "overlay-trusted";
}
