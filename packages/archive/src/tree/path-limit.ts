import { pathError } from "./failure.ts";

/** PATH_MAX without its NUL: what a layer archive's reader takes (a tree can be deeper, made by relative calls). */
const PATH_BYTES_MAX = 4095;

/** Throws LIMIT_EXCEEDED. Bounds the depth of every walk, and with it descriptors and stack. */
export function pathWithinLimits(path: string, op: string): void {
  if (path.length <= PATH_BYTES_MAX) return;
  const hint = "the tree was made by a process that descended as it made directories; no archive holds such paths";
  throw pathError("LIMIT_EXCEEDED", op, path.slice(0, 200), `path of more than ${PATH_BYTES_MAX} bytes`, hint);
}
