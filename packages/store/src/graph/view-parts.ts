import type { ViewPart, ViewParts } from "@copyup/archive";
import type { Layer, StorageDriver } from "@copyup/core";

/** The directories a chain's view is merged from, nearest first; a whole tree hides everything below it. */
export function viewParts(driver: StorageDriver, chain: readonly Layer[]): ViewParts {
  const parts: ViewPart[] = [];
  for (const layer of chain) {
    const { dir, dialect } = driver.access(layer);
    parts.push({ dir, dialect });
    if (dialect === "tree") break;
  }
  return parts;
}
