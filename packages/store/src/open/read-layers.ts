import { realpathSync } from "node:fs";
import { type Layer, StorageError } from "@copyup/core";
import { explained } from "../errors/explain.ts";
import { listLayers } from "../graph/list-layers.ts";
import { layerDirectory, layoutOf, recordOf } from "../layout.ts";
import { parseLayerRecord } from "../record/parse-layer-record.ts";
import { readText } from "../record/read-text.ts";
import { readStoreInfo, type StoreInfo } from "../record/store-record.ts";

export interface StoredLayers extends Pick<StoreInfo, "driver"> {
  /** Oldest first, a parent before its children. */
  readonly layers: Layer[];
}

/**
 * What a store holds, read from its records alone: no driver is opened, so a store of a driver that does not work on this kernel
 * can be looked at too, and nothing is swept. Rejects with NOT_FOUND, STORE_FORMAT, CORRUPT (of the store's own record).
 */
export async function readLayers(root: string): Promise<StoredLayers> {
  const about = { op: "list", root };
  return explained(about, async () => {
    const info = readStoreInfo(root);
    if (info === null) {
      throw new StorageError({
        code: "NOT_FOUND",
        op: "list",
        path: root,
        message: `there is no store at ${root}`,
        hint: "the first verb that writes makes it (layer import, apply, create); or name another with --root",
      });
    }
    const layout = layoutOf(realpathSync(root));
    const read = (id: string) => {
      const file = recordOf(layerDirectory(layout, id));
      const text = readText(file);
      return text === null ? null : parseLayerRecord(text, id, file);
    };
    return { driver: info.driver, layers: listLayers({ layout, read }) };
  });
}
