import type { Layer, MountMode, MountPlan } from "../../../packages/core/src/index.ts";
import { treeOf } from "./layout.ts";
import { notWritten } from "./not-written.ts";

/** How many ancestors a layer may have; null: no limit. */
export const MAX_PARENTS: number | null = null;

/**
 * The mount of a chain, nearest layer first, as data (core's MountPlan lists the steps). Pure: no I/O. A whole tree needs none of
 * its ancestors: a bind of it, read-only for "ro", is its mount.
 */
export function planChain(chain: readonly Layer[], mode: MountMode): MountPlan {
  const head = chain[0];
  if (head === undefined) throw new TypeError("a chain has at least one layer");
  throw notWritten("plan", `mount ${treeOf(head)} ${mode === "rw" ? "writable" : "read-only"}`, "src/plan.ts");
}
