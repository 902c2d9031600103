import type { Layer, MountMode, MountPlan } from "@copyup/core";
import { treeOf } from "./layout.ts";

/** Each layer is whole, so its ancestors are not needed. Without the right to mount the caller gets the tree itself. */
export function planTree(chain: readonly Layer[], mode: MountMode, canBind: boolean): MountPlan {
  const head = chain[0];
  if (head === undefined) throw new TypeError("a chain has at least one layer");
  const source = treeOf(head);
  return { steps: [canBind ? { type: "bind", source, readonly: mode === "ro" } : { type: "path", source }] };
}
