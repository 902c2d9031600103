import type { DamagedLayer, OldLayer } from "../old-graph.ts";

export interface Ordered {
  /** A parent before its children. */
  readonly layers: readonly OldLayer[];
  /** Whose chain does not end at a base. */
  readonly orphans: readonly DamagedLayer[];
}

/** Iterative: a chain may be 500 deep. */
export function parentsFirst(layers: readonly OldLayer[]): Ordered {
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const placed = new Map<string, OldLayer>();
  const orphans = new Map<string, DamagedLayer>();
  for (const layer of layers) {
    const waiting: OldLayer[] = [];
    const onTheWay = new Set<string>();
    let why: string | null = null;
    for (let at = layer; !placed.has(at.id); ) {
      if (onTheWay.has(at.id)) why = `layer ${at.id} is its own ancestor`;
      else if (orphans.has(at.id)) why = orphans.get(at.id)!.message;
      if (why !== null) break;
      waiting.push(at);
      onTheWay.add(at.id);
      if (at.parent === null) break;
      const parent = byId.get(at.parent);
      if (parent === undefined) {
        why = `layer ${at.parent}, the parent of ${at.id}, is missing`;
        break;
      }
      at = parent;
    }
    for (const one of waiting.reverse()) {
      if (why === null) placed.set(one.id, one);
      else orphans.set(one.id, { id: one.id, path: one.dir, message: why });
    }
  }
  return { layers: [...placed.values()], orphans: [...orphans.values()] };
}
