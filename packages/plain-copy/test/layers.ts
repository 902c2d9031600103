import { mkdirSync } from "node:fs";
import type { Layer, StorageDriver } from "@copyup/core";
import { driver } from "../src/index.ts";

/** A layer as a store would show it, with only what a driver looks at filled in. */
export function layerAt(body: string, parent: Layer | null = null): Layer {
  return {
    id: body.split("/").at(-2) ?? "layer",
    parent: parent?.id ?? null,
    state: "active",
    driver: "plain-copy",
    bodyFormat: 1,
    dialect: "tree",
    body,
    diffId: null,
    contentId: null,
    chainId: null,
    labels: {},
    createdAt: "2026-01-01T00:00:00Z",
    lost: {},
  };
}

export function openAt(root: string): Promise<StorageDriver> {
  mkdirSync(`${root}/scratch`, { recursive: true });
  return driver.open({ root, layers: `${root}/layers`, scratch: `${root}/scratch` }, {});
}

/** Makes a layer as the store would, without staging. */
export async function create(
  opened: StorageDriver,
  root: string,
  id: string,
  parent: Layer | null,
  receive = false,
): Promise<Layer> {
  const body = `${root}/layers/${id}/body`;
  mkdirSync(body, { recursive: true });
  await opened.create({ dir: body }, parent, { receive });
  return layerAt(body, parent);
}
