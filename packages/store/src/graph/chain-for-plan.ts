import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";
import { chainOf } from "./chain-of.ts";
import { findRecord } from "./find-record.ts";

const KEPT = 64;

/**
 * The same chain as chainOf, for a driver's plan, which asks for what never changes in a committed layer. If the parent is
 * the one we know, then so are its ancestors: none can be removed while it is there. So a mount looks at two records,
 * however deep the chain is. Labels and digests of ancestors may be old here.
 */
export function chainForPlan(context: StoreContext, id: string, op: string): [LayerRecord, ...LayerRecord[]] {
  const head = findRecord(context, id, op, true);
  if (head.parent === null) return [head];
  const parent = context.cache.read(head.parent);
  const known = context.ancestries.get(head.parent);
  if (parent !== null && known?.[0] === parent) return [head, ...known];
  const [, ...ancestors] = chainOf(context, id, op);
  const oldest = context.ancestries.keys().next().value;
  if (context.ancestries.size >= KEPT && oldest !== undefined) context.ancestries.delete(oldest);
  context.ancestries.set(head.parent, ancestors);
  return [head, ...ancestors];
}
