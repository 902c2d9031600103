import type { Comparison } from "@copyup/archive";
import type { Layer, StorageDriver } from "@copyup/core";
import { viewParts } from "./view-parts.ts";

/** A layer's view against its parent's; `chain` begins with the layer. */
export function compareWithParent(driver: StorageDriver, chain: readonly [Layer, ...Layer[]]): Comparison {
  const [layer, ...ancestors] = chain;
  return {
    above: viewParts(driver, chain),
    below: ancestors.length === 0 ? null : viewParts(driver, ancestors),
    copied: driver.access(layer).copied,
  };
}
