import type { Dialect, Layer } from "@copyup/core";

/** A layer as a store would show it, with only what a driver looks at filled in. */
export function layerAt(body: string, more: Partial<Layer> = {}): Layer {
  return {
    id: body.split("/").at(-2) ?? "layer",
    parent: null,
    state: "active",
    driver: "overlay2",
    bodyFormat: 1,
    dialect: "overlay-trusted",
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

/** A chain of that length, nearest first: `/s/layers/<n>/body`, the base last. */
export function chainOf(length: number, dialect: Dialect = "overlay-trusted"): Layer[] {
  return Array.from({ length }, (_, i) =>
    layerAt(`/s/layers/${length - 1 - i}/body`, { dialect, parent: i === length - 1 ? null : String(length - 2 - i) }),
  );
}
