import type { Layer } from "@copyup/core";
import type { LayerRecord } from "../record/layer-record.ts";

/** A parent's record and its ancestors', nearest first, by the parent's id. */
export type KnownAncestries = Map<string, KnownAncestry>;

export interface KnownAncestry {
  readonly records: readonly LayerRecord[];
  /** As layersForPlan gives them. */
  readonly layers: readonly Layer[];
}
