import type { Dialect, Layer, LayerState } from "@copyup/core";
import { bodyOf } from "../layout.ts";

/** The format of layer.json this program writes; a newer one is refused with STORE_FORMAT. */
export const LAYER_FORMAT = 1;

/** What stands in layer.json. With the directory's place it makes a Layer; the graph is these records and nothing else. */
export interface LayerRecord {
  readonly format: typeof LAYER_FORMAT;
  readonly id: string;
  readonly parent: string | null;
  readonly state: LayerState;
  readonly driver: string;
  readonly bodyFormat: number;
  readonly dialect: Dialect;
  readonly diffId: string | null;
  readonly contentId: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly lost: Readonly<Record<string, number>>;
  /** One example path for each kind of loss. */
  readonly lostExamples: Readonly<Record<string, string>>;
}

export function formatLayerRecord(record: LayerRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** `directory`: where the layer lies now, in staging/ or layers/. */
export function toLayer(record: LayerRecord, directory: string, chainId: string | null): Layer {
  const { id, parent, state, driver, bodyFormat, dialect, diffId, contentId, labels, createdAt, lost } = record;
  return {
    id,
    parent,
    state,
    driver,
    bodyFormat,
    dialect,
    body: bodyOf(directory),
    diffId,
    contentId,
    chainId,
    labels,
    createdAt,
    lost,
  };
}
