import { checkLayerId, type Layer, type Progress, StorageError } from "@copyup/core";
import { AT_FDCWD, existsAt, mkdirAt, syncFilesystem } from "@copyup/linux";
import { requireDescriptors } from "../errors/require-descriptors.ts";
import { requireOwnIds } from "../errors/require-own-ids.ts";
import { requireWritable } from "../errors/require-writable.ts";
import { chainIdAbove } from "../graph/chain-id.ts";
import { chainOf } from "../graph/chain-of.ts";
import { layersOf } from "../graph/layers-of.ts";
import { namingMissingBodies } from "../graph/missing-bodies.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import type { Durability } from "../layer-store.ts";
import { bodyOf, layerDirectory, recordOf } from "../layout.ts";
import { lockForReading } from "../locks/layer-locks.ts";
import { writeAtomically, writeDurably } from "../record/atomic-write.ts";
import { checkLabels } from "../record/check-labels.ts";
import { formatLayerRecord, LAYER_FORMAT, type LayerRecord, toLayer } from "../record/layer-record.ts";
import { timestamp } from "../record/timestamp.ts";
import type { StoreContext } from "../store-context.ts";
import { claimDirectory } from "./claim.ts";
import { parentRecord } from "./parent-record.ts";
import { idTaken, publish } from "./publish.ts";
import { randomName } from "./random-name.ts";

export interface BuildOptions {
  readonly op: string;
  readonly parent: string | null;
  readonly id: string | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** The content comes from elsewhere: the driver lays out an empty body. */
  readonly receive: boolean;
  /** `data`: the body is synced before the layer is announced. `record`: layer.json alone. */
  readonly durability: Durability | "record";
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** A layer being built in staging/, as `fill` sees it. */
export interface StagedLayer {
  readonly layer: Layer;
  /** Of the parent, nearest first; empty for a base. */
  readonly ancestors: readonly Layer[];
  /** The layer's directory in staging/, where the manifest goes. */
  readonly dir: string;
}

/**
 * Builds a layer in staging/ and publishes it: all or nothing. Holds no lock meanwhile but its claim on the staged
 * directory and a shared one on the parent, so that it cannot be removed. `fill` gives what the record says of the result.
 */
export async function buildLayer(
  context: StoreContext,
  options: BuildOptions,
  fill: (staged: StagedLayer) => Promise<Partial<LayerRecord>>,
): Promise<Layer> {
  const { op, signal } = options;
  requireWritable(context, op);
  requireOwnIds(context, op);
  requireDescriptors();
  const id = options.id ?? randomName();
  checkLayerId(id, op);
  checkLabels(options.labels, op);
  if (existsAt(AT_FDCWD, layerDirectory(context.layout, id))) throw idTaken(context, id, op);
  using _parent = options.parent === null ? null : await holdParent(context, options.parent, op, signal);
  const chain = options.parent === null ? [] : chainOf(context, options.parent, op);
  requireKnownBody(context, chain, op);
  requireRoom(context, id, chain.length, op);
  const ancestors = layersOf(context, chain);
  const claim = claimDirectory(context.layout.staging);
  try {
    const draft = draftRecord(context, id, options, ancestors[0] ?? null);
    const layer = toLayer(draft, claim.dir, null);
    mkdirAt(AT_FDCWD, layer.body, 0o700);
    const record = await namingMissingBodies(context, ancestors, op, async () => {
      await context.driver.create({ dir: bodyOf(claim.dir) }, ancestors[0] ?? null, {
        receive: options.receive,
        ...(signal ? { signal } : {}),
        ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      });
      signal?.throwIfAborted();
      return { ...draft, ...(await fill({ layer, ancestors, dir: claim.dir })) };
    });
    const write = options.durability === "record" ? writeDurably : writeAtomically;
    await write(recordOf(claim.dir), formatLayerRecord(record), { scratch: context.scratch });
    if (options.durability === "data") await syncFilesystem(context.layout.root, signal);
    await publish(context, claim.dir, record, { op, durable: options.durability !== "none", signal });
    claim.release();
    return builtLayer(context, record, ancestors);
  } catch (error) {
    // What cannot be removed now is left to a sweep: the error that brought us here is the one to tell.
    await claim.discard().catch(() => claim.release());
    throw error;
  }
}

async function holdParent(
  context: StoreContext,
  parent: string,
  op: string,
  signal: AbortSignal | undefined,
): Promise<Disposable> {
  parentRecord(context, parent, op);
  const lock = await lockForReading(context, parent, { op, signal });
  // It may have been removed while we waited for the lock.
  parentRecord(context, parent, op);
  return { [Symbol.dispose]: () => lock?.release() };
}

function requireRoom(context: StoreContext, id: string, ancestors: number, op: string): void {
  const { maxParents, name } = context.driver;
  if (maxParents === null || ancestors <= maxParents) return;
  throw new StorageError({
    code: "TOO_MANY_LAYERS",
    op,
    driver: name,
    layer: id,
    message: `the new layer would have ${ancestors} ancestors; ${name} mounts at most ${maxParents}`,
    hint: "flatten the chain: mount its view and import that directory",
  });
}

function draftRecord({ driver }: StoreContext, id: string, options: BuildOptions, parent: Layer | null): LayerRecord {
  return {
    format: LAYER_FORMAT,
    id,
    parent: options.parent,
    state: "active",
    driver: driver.name,
    bodyFormat: driver.bodyFormat,
    dialect: (parent && driver.dialectOn?.(parent)) ?? driver.dialect,
    diffId: null,
    contentId: null,
    labels: { ...options.labels },
    createdAt: timestamp(),
    lost: {},
    lostExamples: {},
  };
}

function builtLayer(context: StoreContext, record: LayerRecord, ancestors: readonly Layer[]): Layer {
  const below = ancestors.length === 0 ? undefined : (ancestors[0]?.chainId ?? null);
  return toLayer(record, layerDirectory(context.layout, record.id), chainIdAbove(below, record.diffId));
}
