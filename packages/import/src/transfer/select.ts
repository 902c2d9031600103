import type { LeftOut, OldLayer } from "../old-graph.ts";

/** Of layers in order, those of images (and of containers where asked for), with all their ancestors. */
export function select(
  layers: readonly OldLayer[],
  containers: boolean,
): { readonly wanted: readonly OldLayer[]; readonly leftOut: readonly LeftOut[] } {
  const needed = new Set<string>();
  for (const layer of layers.toReversed()) {
    if (layer.role === "image" || (containers && layer.role === "container")) needed.add(layer.id);
    if (needed.has(layer.id) && layer.parent !== null) needed.add(layer.parent);
  }
  const rest = layers.filter(({ id }) => !needed.has(id));
  return { wanted: layers.filter(({ id }) => needed.has(id)), leftOut: rest.map(reasonOf) };
}

function reasonOf({ id, role, names }: OldLayer): LeftOut {
  if (role === "unused") return { id, reason: "no image and no container uses it" };
  const whose = names.length > 0 ? ` of ${names.join(", ")}` : "";
  return { id, reason: `a container's${whose}: --containers imports such layers too` };
}
