import { LABEL_VALUE_MAX_BYTES } from "@copyup/core";
import type { OldLayer } from "../old-graph.ts";

/** Where a layer came from, as labels of the new one. */
export function labelsOf(engine: string, layer: OldLayer): Record<string, string> {
  const all: Record<string, string | null> = {
    "from.engine": engine,
    "from.id": layer.id,
    "from.diff-id": layer.diffId,
    "from.chain-id": layer.chainId,
    "from.names": listed(layer.names),
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** As many as a label holds. */
function listed(names: readonly string[]): string | null {
  const kept: string[] = [];
  for (const name of names) {
    if (Buffer.byteLength([...kept, name].join(" ")) > LABEL_VALUE_MAX_BYTES) break;
    kept.push(name);
  }
  return kept.length === 0 ? null : kept.join(" ");
}
