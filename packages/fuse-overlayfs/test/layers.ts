import type { Layer } from "@copyup/core";

/** A layer as a store would show it, with only what a driver looks at filled in. */
export function layerAt(body: string, more: Partial<Layer> = {}): Layer {
  return {
    id: body.split("/").at(-2) ?? "layer",
    parent: null,
    state: "active",
    driver: "fuse-overlayfs",
    bodyFormat: 1,
    dialect: "fuse-overlayfs",
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

/** A chain of that length, nearest first: `<layers>/<n>/body`, the base last. */
export function chainOf(length: number, layers = "/s/layers", idBytes = 1): Layer[] {
  return Array.from({ length }, (_, i) => layerAt(`${layers}/${String(length - 1 - i).padStart(idBytes, "x")}/body`));
}
