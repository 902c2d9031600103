import type { LayerStore } from "@copyup/store";
import { type Listing, listTree } from "../../../archive/test/tree/support/listing.ts";
import type { ImportReport } from "../../src/index.ts";

/** What the store shows of an imported layer: through a mount where the driver mounts, else its directory. */
export async function viewOf(store: LayerStore, report: ImportReport, oldId: string): Promise<Listing> {
  const layer = report.layers.find((one) => one.oldId === oldId);
  if (layer === undefined) throw new Error(`${oldId} was not imported`);
  await using view = await store.view(layer.newId);
  return listTree(view.path);
}
