import { extractLayer, writeManifest } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { compareWithParent } from "../graph/compare-with-parent.ts";
import { viewParts } from "../graph/view-parts.ts";
import type { AppliedLayer, ApplyOptions, ByteSource } from "../layer-store.ts";
import { manifestOf } from "../layout.ts";
import type { StoreContext } from "../store-context.ts";
import { buildLayer, type StagedLayer } from "../transaction/build-layer.ts";

/** A layer tar becomes a committed layer; extracted straight into the driver's directory in its dialect. */
export async function applyLayer(
  context: StoreContext,
  source: ByteSource,
  options: ApplyOptions,
): Promise<AppliedLayer> {
  const { parent = null, id, labels, signal, onProgress, durability = "data" } = options;
  let applied: Omit<AppliedLayer, "layer"> | null = null;
  const fill = async (staged: StagedLayer) => {
    const { dir, dialect } = context.driver.access(staged.layer);
    const below = staged.ancestors.length === 0 ? null : viewParts(context.driver, staged.ancestors);
    const how = { lossy: options.lossy, manifest: manifestOf(staged.dir), signal, onProgress };
    const result = await extractLayer(source, { dir, dialect, below }, how);
    requireDiffId(context, options.expectDiffId, result.diffId);
    const { diffId, entries, bytes, losses } = result;
    applied = { diffId, entries, bytes, lost: losses.counts, lostExamples: losses.examples };
    await finish(context, staged, options, result.manifest);
    return { state: "committed" as const, diffId, lost: losses.counts, lostExamples: losses.examples };
  };
  const build = { op: "apply", parent: parent ?? null, id, labels, receive: true, durability, signal, onProgress };
  const layer = await buildLayer(context, build, fill);
  return { layer, ...(applied as unknown as Omit<AppliedLayer, "layer">) };
}

/** What every layer that is committed at birth still needs before it is published. */
export async function finish(
  context: StoreContext,
  staged: StagedLayer,
  options: Pick<ApplyOptions, "signal" | "onProgress">,
  hasManifest = false,
): Promise<void> {
  await context.driver.seal?.(staged.layer);
  if (hasManifest) return;
  const comparison = compareWithParent(context.driver, [staged.layer, ...staged.ancestors]);
  const { signal, onProgress } = options;
  await writeManifest(comparison, manifestOf(staged.dir), { signal, onProgress });
}

function requireDiffId(context: StoreContext, expected: string | undefined, actual: string): void {
  if (expected === undefined || expected === actual) return;
  throw new StorageError({
    code: "CORRUPT",
    op: "apply",
    driver: context.driver.name,
    message: `the archive's diff id is ${actual}, not ${expected}`,
    hint: "it was damaged on its way, or is another layer's",
  });
}
