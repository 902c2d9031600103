import type { Change } from "@copyup/core";
import type { Comparison, LongOptions } from "../contract.ts";
import { Pace } from "../pace.ts";
import { DifferenceWalk } from "./difference-walk.ts";

/**
 * What differs between two views, in canonical order; sockets too. Of a hard link group that is archived whole (layers.md
 * rule 4) every name is told. Stopping early closes everything. Rejects with NOT_REPRESENTABLE for a layer that was written
 * with redirects, LIMIT_EXCEEDED for paths over 4,095 bytes, NEEDS_PRIVILEGE, IO, or the signal's reason.
 */
export async function* changesBetween(comparison: Comparison, o: LongOptions = {}): AsyncGenerator<Change, void, void> {
  const pace = new Pace("changes", o);
  const steps = new DifferenceWalk(comparison, { op: "changes", pace }).steps();
  try {
    for (let step = steps.next(); !step.done; step = steps.next()) {
      const difference = step.value;
      if (difference === undefined) await pace.rest();
      else if (difference.kind !== "ancestor") {
        pace.entries++;
        const { kind, path, type } = difference;
        yield { kind, path: Buffer.from(path, "latin1"), type };
      }
    }
    pace.report();
  } finally {
    steps.return();
  }
}
