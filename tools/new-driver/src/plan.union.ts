import type { Layer, MountMode, MountPlan } from "../../../packages/core/src/index.ts";
import { diffOf } from "./layout.union.ts";
import { notWritten } from "./not-written.ts";

/**
 * How many ancestors a layer may have; null: no limit. One less than the filesystem's limit of lowers: in a view of a layer the
 * layer is a lower itself.
 */
export const MAX_PARENTS: number | null = null;

/**
 * The mount of a chain, nearest layer first, as data (core's MountPlan lists the steps). Pure: no I/O. "rw": the head is the
 * upper, its ancestors are the lowers; "ro": all are lowers, and there may be only one.
 */
export function planChain(chain: readonly Layer[], mode: MountMode): MountPlan {
  const head = chain[0];
  if (head === undefined) throw new TypeError("a chain has at least one layer");
  const lowers = mode === "rw" ? chain.length - 1 : chain.length;
  const todo = mode === "rw" ? `${lowers} lowers below the upper ${diffOf(head)}` : `${lowers} lowers, read-only`;
  throw notWritten("plan", `mount ${todo}`, "src/plan.ts");
}
