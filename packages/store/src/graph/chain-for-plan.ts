import type { Layer } from "@copyup/core";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";
import { chainOf } from "./chain-of.ts";
import { findRecord } from "./find-record.ts";
import { layersForPlan } from "./layers-of.ts";

const KEPT = 64;

/**
 * The same chain as chainOf, for a driver's plan, which asks for what never changes in a committed layer. If the parent is
 * the one we know, then so are its ancestors: none can be removed while it is there. So a mount looks at two records,
 * however deep the chain is. Labels and digests of ancestors may be old here.
 */
export function chainForPlan(context: StoreContext, id: string, op: string): ChainForPlan {
  const head = findRecord(context, id, op, true);
  const layer = layersForPlan(context, [head])[0]!;
  if (head.parent === null) return { records: [head], layers: [layer] };
  const parent = context.cache.read(head.parent);
  let known = context.ancestries.get(head.parent);
  if (parent === null || known?.records[0] !== parent) {
    const [, ...records] = chainOf(context, id, op);
    const oldest = context.ancestries.keys().next().value;
    if (context.ancestries.size >= KEPT && oldest !== undefined) context.ancestries.delete(oldest);
    known = { records, layers: layersForPlan(context, records) };
    context.ancestries.set(head.parent, known);
  }
  return { records: [head, ...known.records], layers: [layer, ...known.layers] };
}

export interface ChainForPlan {
  readonly records: readonly [LayerRecord, ...LayerRecord[]];
  readonly layers: readonly [Layer, ...Layer[]];
}
