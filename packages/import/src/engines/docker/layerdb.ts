import { join } from "node:path";
import type { DamagedLayer } from "../../old-graph.ts";
import { listNames, readWord } from "../../read/files.ts";
import { digestOrNull, isLayerName } from "../../read/names.ts";

export interface ImageLayer {
  readonly chainId: string;
  readonly diffId: string | null;
  /** Chain id. */
  readonly parent: string | null;
}

export interface ContainerLayer {
  /** The container's id. */
  readonly container: string;
  readonly initId: string | null;
  /** Chain id of the image's topmost layer. */
  readonly parent: string | null;
}

/** `image/<driver>/layerdb`: which directories are layers of images, and which are containers'. */
export interface LayerDb {
  /** By the name of the driver's directory (cache id). */
  readonly images: ReadonlyMap<string, ImageLayer>;
  /** Chain id to cache id. */
  readonly byChain: ReadonlyMap<string, string>;
  /** By mount id. */
  readonly containers: ReadonlyMap<string, ContainerLayer>;
  readonly damaged: readonly DamagedLayer[];
}

/** Null where there is none: an engine before 1.10, or the driver's directory alone was kept. */
export function readLayerDb(directory: string): LayerDb | null {
  const chains = listNames(join(directory, "sha256"));
  if (chains === null) return null;
  const images = new Map<string, ImageLayer>();
  const byChain = new Map<string, string>();
  const damaged: DamagedLayer[] = [];
  for (const hex of chains) {
    const path = join(directory, "sha256", hex);
    const cacheId = readWord(join(path, "cache-id"));
    if (cacheId === null || !isLayerName(cacheId)) {
      damaged.push({ id: hex, path: join(path, "cache-id"), message: "its layerdb entry names no directory" });
      continue;
    }
    const chainId = `sha256:${hex}`;
    const diffId = digestOrNull(readWord(join(path, "diff")));
    images.set(cacheId, { chainId, diffId, parent: readWord(join(path, "parent")) });
    byChain.set(chainId, cacheId);
  }
  return { images, byChain, containers: readContainers(join(directory, "mounts")), damaged };
}

function readContainers(directory: string): Map<string, ContainerLayer> {
  const containers = new Map<string, ContainerLayer>();
  for (const container of listNames(directory) ?? []) {
    const path = join(directory, container);
    const mountId = readWord(join(path, "mount-id"));
    if (mountId === null || !isLayerName(mountId)) continue;
    const initId = readWord(join(path, "init-id"));
    containers.set(mountId, { container, initId, parent: readWord(join(path, "parent")) });
  }
  return containers;
}
