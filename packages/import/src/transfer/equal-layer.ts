import { type Comparison, packLayer } from "@copyup/archive";
import type { Layer } from "@copyup/core";

interface Found {
  /** Null where there is none. */
  readonly equal: Layer | null;
  /** Digest of the canonical archive, null where it was not needed. */
  readonly digest: string | null;
}

/**
 * A committed layer on the same parent that is the same canonical archive. What the source holds is read and summed, not
 * taken on trust: a name may stand for something else now. Only where there is a layer that it could be.
 */
export async function equalLayer(
  known: readonly Layer[],
  parent: string | null,
  comparison: Comparison,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const siblings = known.filter(
    (layer) =>
      layer.state === "committed" &&
      layer.parent === parent &&
      (layer.diffId !== null || layer.contentId !== null) &&
      Object.keys(layer.lost).length === 0,
  );
  if (siblings.length === 0) return { equal: null, digest: null };
  const pack = packLayer(comparison, { reuse: true, signal });
  for await (const _ of pack);
  const digest = await pack.digest;
  const same = ({ contentId, diffId }: Layer) => (contentId ?? diffId) === digest || diffId === digest;
  return { equal: siblings.find(same) ?? null, digest };
}
