import type { Layer, LayerAccess } from "../../../packages/core/src/index.ts";
import { diffOf } from "./layout.union.ts";
import { notWritten } from "./not-written.ts";

/**
 * Where the layer's own changes lie and in which dialect they are written, so that the store can read, compare, extract and
 * pack them without a mount. Also asked for a layer still in staging. The dialect is the layer's own, of its layer.json.
 */
export function accessLayer(layer: Layer): LayerAccess {
  const todo = `say that the changes of layer ${layer.id} lie at ${diffOf(layer)}, in the dialect ${layer.dialect}`;
  throw notWritten("access", todo, "src/access.ts");
}
