import type { OverlayDirectory } from "./overlay-home.ts";

/**
 * Why a layer's `lower` is not its parent's chain, null if it is. The engine mounts what stands in it, so a parent's chain that
 * is another one would give another view.
 */
export function lowersFault(layer: OverlayDirectory, byId: ReadonlyMap<string, OverlayDirectory>): string | null {
  const missing = layer.lowers.indexOf(null);
  if (missing >= 0) return `its lower layer ${layer.written[missing]} is missing`;
  const [parent, ...rest] = layer.lowers as readonly string[];
  if (parent === undefined) return null;
  const parents = byId.get(parent)?.lowers ?? [];
  if (rest.length === parents.length && rest.every((id, i) => id === parents[i])) return null;
  return `its lower layers are not those of its parent ${parent}`;
}
