import { packLayer } from "@copyup/archive";
import { isStorageError } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Model } from "./model/model.ts";

/** A canonical archive, or why there can be none. */
export type Archive = { readonly bytes: Buffer } | { readonly unsayable: string };

/** Of the model's two plain directories: a function of the two trees, whatever driver they are to be equal to. */
export function archiveOfModel(model: Model): Promise<Archive> {
  return read(packLayer(model.comparison));
}

export function archiveOfLayer(store: LayerStore, id: string): Promise<Archive> {
  return read(store.diff(id));
}

async function read(pieces: AsyncIterable<Uint8Array>): Promise<Archive> {
  const parts: Buffer[] = [];
  try {
    for await (const piece of pieces) parts.push(Buffer.from(piece));
  } catch (error) {
    if (isStorageError(error) && error.code === "NOT_REPRESENTABLE" && error.path !== undefined)
      return { unsayable: error.path };
    throw error;
  }
  return { bytes: Buffer.concat(parts) };
}
