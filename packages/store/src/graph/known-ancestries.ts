import type { LayerRecord } from "../record/layer-record.ts";

/** A parent's record and its ancestors', nearest first, by the parent's id. */
export type KnownAncestries = Map<string, readonly LayerRecord[]>;
