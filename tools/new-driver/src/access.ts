import type { Layer, LayerAccess } from "../../../packages/core/src/index.ts";
import { treeOf } from "./layout.ts";
import { notWritten } from "./not-written.ts";

/**
 * Where the layer's content lies, so that the store can read, compare, extract and pack it without a mount. Also asked for a
 * layer still in staging.
 */
export function accessLayer(layer: Layer): LayerAccess {
  throw notWritten("access", `say that layer ${layer.id} is the whole tree at ${treeOf(layer)}`, "src/access.ts");
}
