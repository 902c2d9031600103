import { isStorageError, StorageError } from "@copyup/core";
import type { UnmountOptions, UnmountReport } from "../layer-store.ts";
import { lockStateIfThere } from "../locks/layer-locks.ts";
import type { StoreContext } from "../store-context.ts";
import { findLayer } from "./find-layer.ts";
import { sameMount, tryIdentify } from "./identity.ts";
import type { LiveMount } from "./live-mount.ts";
import type { FiledRecord } from "./mount-record.ts";
import { reconcile } from "./reconcile.ts";
import { allRecords, recordsAtTarget, recordsOfLayer } from "./record-files.ts";
import { howUsed, usedBy } from "./refuse-conflict.ts";
import { likelyTarget } from "./target.ts";
import { unmountUse } from "./unmount-use.ts";

/** Unmounts what is mounted at a target; the counterpart of one mount call. */
export async function unmountTarget(
  context: StoreContext,
  target: string,
  options: UnmountOptions,
): Promise<UnmountReport> {
  const at = likelyTarget(target);
  const layer = layerAt(context, at);
  if (layer === null) throw notMounted(context, target);
  return await unmountOf(context, layer, options, (uses) => {
    const there = uses.filter((use) => use.at === at || use.record.target === at);
    return there.toSorted((a, b) => preference(context, a) - preference(context, b))[0] ?? notMounted(context, target);
  });
}

/** Unmounts what one record stands for. Where it is gone already, whoever did it, it is done. */
export async function unmountRecord(
  context: StoreContext,
  layer: string,
  file: string,
  options: UnmountOptions,
): Promise<UnmountReport> {
  return await unmountOf(context, layer, options, (uses) => uses.find((candidate) => candidate.file === file) ?? null);
}

async function unmountOf(
  context: StoreContext,
  id: string,
  options: UnmountOptions,
  choose: (uses: readonly LiveMount[]) => LiveMount | StorageError | null,
): Promise<UnmountReport> {
  using _state = await lockStateIfThere(context, id, { op: "unmount", signal: options.signal });
  const layer = findLayer(context, id);
  const uses = await reconcile(context, layer, recordsOfLayer(context, id));
  const use = choose(uses);
  if (use === null) return { notes: [] };
  if (isStorageError(use)) throw use;
  if (use.state === "elsewhere") throw usedBy(context, id, "unmount", use);
  if (use.state === "detached") throw alreadyDetached(context, use);
  return await unmountUse(context, layer, use, uses, options.lazy ?? false);
}

/**
 * A target may have records of several layers (one detached there, another mounted since): what stands there decides. A
 * directory above the mount may have been renamed: then that is compared with every record.
 */
function layerAt(context: StoreContext, at: string): string | null {
  const here = tryIdentify(at);
  const stands = ({ record }: FiledRecord) => here !== null && record.mount !== null && sameMount(here, record.mount);
  const recorded = recordsAtTarget(context, at);
  const found = recorded.find(stands) ?? recorded[0] ?? allRecords(context).records.find(stands);
  return found?.record.layer ?? null;
}

/** Several records may share one target: first what is here, and of that first what this process or a command mounted. */
function preference(context: StoreContext, use: LiveMount): number {
  const states: LiveMount["state"][] = ["here", "path", "elsewhere", "detached", "lent"];
  const { owner, process } = use.record;
  const own =
    owner === "process" && process.pid === context.process.pid && process.startTime === context.process.startTime;
  return states.indexOf(use.state) * 4 + (own ? 0 : owner === "store" ? 1 : 2);
}

function notMounted(context: StoreContext, target: string): StorageError {
  return new StorageError({
    code: "NOT_MOUNTED",
    op: "unmount",
    driver: context.driver.name,
    path: target,
    message: `nothing of the store at ${context.layout.root} is mounted at ${target}`,
    hint: "`copyup layer show ID` says where a layer is mounted",
  });
}

function alreadyDetached(context: StoreContext, use: LiveMount): StorageError {
  return new StorageError({
    code: "NOT_MOUNTED",
    op: "unmount",
    driver: context.driver.name,
    layer: use.record.layer,
    path: use.record.target,
    message: `layer ${use.record.layer} is ${howUsed(use)}`,
    hint: "it is free when they have closed their files or ended",
  });
}
