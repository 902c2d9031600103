import type { Layer } from "@copyup/core";
import { requireOwnIds } from "../errors/require-own-ids.ts";
import { requireWritable } from "../errors/require-writable.ts";
import { findRecord } from "../graph/find-record.ts";
import { lockState } from "../locks/layer-locks.ts";
import { changeRecord } from "../record/change-record.ts";
import { checkLabels } from "../record/check-labels.ts";
import type { StoreContext } from "../store-context.ts";
import { getLayer } from "./get.ts";

export async function setLabels(
  context: StoreContext,
  id: string,
  labels: Readonly<Record<string, string | null>>,
): Promise<Layer> {
  requireWritable(context, "labels", id);
  requireOwnIds(context, "labels", id);
  checkLabels(labels, "labels");
  findRecord(context, id, "labels");
  using _state = await lockState(context, id, { op: "labels" });
  await changeRecord(context, id, "labels", (record) => {
    const all = Object.entries<string | null>({ ...record.labels, ...labels });
    return { labels: Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null)) };
  });
  return getLayer(context, id, "labels");
}
