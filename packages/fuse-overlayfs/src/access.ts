import type { Layer, LayerAccess } from "@copyup/core";
import { diffOf } from "./layout.ts";

export function accessLayer(layer: Layer): LayerAccess {
  return { kind: "upper", dir: diffOf(layer), dialect: layer.dialect };
}
