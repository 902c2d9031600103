import type { Layer } from "@copyup/core";

/** A layer as a store would show it. */
export function layerAt(body: string, more: Partial<Layer> = {}): Layer {
  return {
    id: "layer",
    parent: null,
    state: "active",
    driver: "aufs",
    bodyFormat: 1,
    dialect: "aufs",
    body,
    diffId: null,
    contentId: null,
    chainId: null,
    labels: {},
    createdAt: "2026-01-01T00:00:00Z",
    lost: {},
    ...more,
  };
}

/** A chain of that many layers, nearest first. */
export function chainOf(count: number): Layer[] {
  return Array.from({ length: count }, (_, i) => layerAt(`/store/layers/l${i}/body`, { id: `l${i}` }));
}
