import { type Layer, type MountMode, type MountPlan, StorageError } from "@copyup/core";
import { listHolders } from "../errors/list-names.ts";
import { requireOwnIds } from "../errors/require-own-ids.ts";
import { requireWritable } from "../errors/require-writable.ts";
import { chainForPlan } from "../graph/chain-for-plan.ts";
import { findRecord } from "../graph/find-record.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import { inUse, lockState } from "../locks/layer-locks.ts";
import { findLayer } from "../mounts/find-layer.ts";
import { liveUses } from "../mounts/live-uses.ts";
import type { MountRecord } from "../mounts/mount-record.ts";
import { mountsOfUpper } from "../mounts/mounts-of-upper.ts";
import { dropRecord, newRecordFile, recordsOfLayer, writeLasting } from "../mounts/record-files.ts";
import { usedBy } from "../mounts/refuse-conflict.ts";
import { ownMountNamespace } from "../mounts/this-process.ts";
import type { StoreContext } from "../store-context.ts";

/** The plan of a layer as it would be mounted, on paper only. */
export function explainPlan(context: StoreContext, id: string, mode: MountMode | undefined): MountPlan {
  const chain = planChain(context, id, "explain");
  return context.driver.plan(chain, modeFor(context, chain[0], mode, "explain"));
}

/**
 * Hands the plan to a caller that mounts it itself. Lending again in the same mode gives the plan again: a caller that was
 * restarted asks once more. The record outlives reboots, as the borrower's intention does.
 */
export async function lendLayer(context: StoreContext, id: string, wanted: MountMode): Promise<MountPlan> {
  requireWritable(context, "lend", id);
  if (wanted === "rw") requireOwnIds(context, "lend", id);
  findRecord(context, id, "lend");
  using _state = await lockState(context, id, { op: "lend" });
  const chain = planChain(context, id, "lend");
  const [layer] = chain;
  const mode = modeFor(context, layer, wanted, "lend");
  let lent = false;
  for (const use of await liveUses(context, layer)) {
    if (use.state === "lent" && use.record.mode === mode) lent = true;
    else if (layer.state === "active") throw usedBy(context, id, "lend", use);
  }
  const plan = context.driver.plan(chain, mode);
  if (!lent)
    await writeLasting(context, { file: newRecordFile(context, id, ""), record: lentRecord(context, id, mode) });
  return plan;
}

/** Takes it back. LAYER_IN_USE while the borrower's mount is still there; nothing happens for a layer that is not lent. */
export async function releaseLayer(context: StoreContext, id: string): Promise<void> {
  requireWritable(context, "release", id);
  findRecord(context, id, "release");
  using _state = await lockState(context, id, { op: "release" });
  const lent = recordsOfLayer(context, id).filter(({ record }) => record.owner === "lent");
  if (lent.length === 0) return;
  const layer = findLayer(context, id);
  const busy = layer && lent.some(({ record }) => record.mode === "rw") ? await context.driver.busy?.(layer) : null;
  const mounts = layer && busy !== false ? mountsOfUpper(context, layer) : [];
  if (busy || mounts.length > 0) {
    const by = listHolders(mounts) || "a mount that cannot be seen from here";
    throw inUse(context, id, "release", `is still mounted by its borrower: ${by}`, "unmount it there first");
  }
  for (const filed of lent) dropRecord(filed);
}

function planChain(context: StoreContext, id: string, op: string): readonly [Layer, ...Layer[]] {
  const { records, layers } = chainForPlan(context, id, op);
  requireKnownBody(context, records, op);
  return layers;
}

function modeFor(context: StoreContext, layer: Layer, wanted: MountMode | undefined, op: string): MountMode {
  const mode = wanted ?? (layer.state === "active" ? "rw" : "ro");
  if (mode === "ro" || layer.state === "active") return mode;
  throw new StorageError({
    code: "NOT_ACTIVE",
    op,
    driver: context.driver.name,
    layer: layer.id,
    message: `layer ${layer.id} is committed: there is no writable mount of it`,
    hint: "ask for mode `ro`, or prepare a layer on it",
  });
}

function lentRecord(context: StoreContext, layer: string, mode: MountMode): MountRecord {
  return {
    format: 1,
    layer,
    target: "",
    mode,
    owner: "lent",
    state: "mounted",
    kind: "own",
    writable: mode === "rw",
    process: context.process,
    mountNamespace: ownMountNamespace(),
    under: null,
    mount: null,
    madeTarget: false,
  };
}
