import type { StorageError } from "@copyup/core";
import { listRecords } from "../graph/list-records.ts";
import type { CheckOptions, CheckProblem, CheckReport } from "../layer-store.ts";
import { lockForReading } from "../locks/layer-locks.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import type { StoreContext } from "../store-context.ts";
import { checkContent } from "./check-content.ts";
import { checkRooms } from "./check-rooms.ts";
import type { Problem } from "./problem.ts";

/** Looks at every layer and at what surrounds them. A layer that is bad does not keep the others from being looked at. */
export async function checkStore(context: StoreContext, options: CheckOptions): Promise<CheckReport> {
  const problems: CheckProblem[] = [];
  const found = (problem: Problem) => problems.push({ ...problem, repaired: false });
  const { records, unreadable } = listRecords(context.cache);
  for (const [name, error] of unreadable) found(badRecord(context, name, error));
  let files = 0;
  let bytes = 0;
  for (const record of records.values()) {
    options.signal?.throwIfAborted();
    for (const problem of placeProblems(context, record, records)) found(problem);
    const lock = await lockForReading(context, record.id, { op: "check", signal: options.signal });
    try {
      // Removed since it was listed.
      if (context.cache.read(record.id) === null) continue;
      const content = await checkContent(context, record, options, found);
      files += content.files;
      bytes += content.bytes;
    } finally {
      lock?.release();
    }
  }
  problems.push(...(await checkRooms(context, options)));
  return { layers: records.size, files, bytes, problems };
}

function badRecord(context: StoreContext, name: string, error: StorageError | null): Problem {
  const path = `${context.layout.layers}/${name}`;
  const message = error?.message ?? "an orphaned directory: it has no layer.json, or its name is no layer id";
  return { layer: name, path, kind: "bad-record", message };
}

function* placeProblems(
  context: StoreContext,
  record: LayerRecord,
  records: Map<string, LayerRecord>,
): Generator<Problem> {
  const { id: layer, parent, driver, bodyFormat } = record;
  if (parent !== null && records.get(parent)?.state !== "committed") {
    const what = records.has(parent) ? "is not committed" : "is missing or has no readable record";
    yield { layer, path: null, kind: "parent-missing", message: `its parent ${parent} ${what}` };
  }
  if (driver !== context.driver.name || bodyFormat !== context.driver.bodyFormat) {
    const message = `it was written by ${driver} (body format ${bodyFormat}), not by ${context.driver.name} (${context.driver.bodyFormat})`;
    yield { layer, path: null, kind: "unknown-driver", message };
  }
}
