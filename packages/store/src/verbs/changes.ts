import { changesBetween } from "@copyup/archive";
import type { Change } from "@copyup/core";
import { explain } from "../errors/explain.ts";
import { chainForPlan } from "../graph/chain-for-plan.ts";
import { compareWithParent } from "../graph/compare-with-parent.ts";
import { missingBody } from "../graph/missing-bodies.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import type { LongOptions } from "../layer-store.ts";
import { lockForReading } from "../locks/layer-locks.ts";
import { beforeReading } from "../mounts/before-unmount.ts";
import { circumstances, type StoreContext } from "../store-context.ts";

export async function* changesOf(context: StoreContext, id: string, options: LongOptions): AsyncGenerator<Change> {
  try {
    options.signal?.throwIfAborted();
    const lock = await lockForReading(context, id, { op: "changes", signal: options.signal });
    try {
      const { records, layers: chain } = chainForPlan(context, id, "changes");
      requireKnownBody(context, records, "changes");
      await beforeReading(context, chain[0], { op: "changes", signal: options.signal });
      try {
        yield* changesBetween(compareWithParent(context.driver, chain), options);
      } catch (error) {
        throw missingBody(context, chain, "changes", error) ?? error;
      }
    } finally {
      lock?.release();
    }
  } catch (error) {
    throw explain(error, circumstances(context, "changes", id, options.signal));
  }
}
