import { type Layer, type MountMode, type MountPlan, StorageError } from "@copyup/core";
import { carryOut, type ProcessIdentity } from "@copyup/linux";
import { chainForPlan } from "../graph/chain-for-plan.ts";
import { whyMissing } from "../graph/missing-bodies.ts";
import { requireKnownBody } from "../graph/require-known-body.ts";
import type { MountOptions, MountOwner } from "../layer-store.ts";
import { lockState } from "../locks/layer-locks.ts";
import type { StoreContext } from "../store-context.ts";
import { bindFirst, bindSource } from "./bind-first.ts";
import { claimTarget } from "./claim-target.ts";
import { dropDeadMounts } from "./daemon/drop-dead.ts";
import { endDaemon } from "./daemon/end-daemon.ts";
import { requireAnswer } from "./daemon/require-answer.ts";
import { requireLiveTarget } from "./daemon/require-live-target.ts";
import { handOutPath } from "./hand-out-path.ts";
import { identify } from "./identity.ts";
import type { LiveMount } from "./live-mount.ts";
import { liveUses } from "./live-uses.ts";
import type { MadeMount } from "./made-mount.ts";
import type { MountRecord } from "./mount-record.ts";
import { makeTarget, tryRmdir } from "./own-target.ts";
import { dropRecord, newRecordFile, writeRecord } from "./record-files.ts";
import { refuseConflict } from "./refuse-conflict.ts";
import { resolveTarget, type Target } from "./target.ts";
import { ownMountNamespace } from "./this-process.ts";
import { tryUnmount } from "./try-unmount.ts";

/** Mounts a layer under its state lock: decides, writes the intent, mounts or binds, verifies, completes the record. */
export async function mountLayer(context: StoreContext, id: string, options: MountOptions): Promise<MadeMount> {
  using _state = await lockState(context, id, { op: "mount", signal: options.signal });
  const { records, layers: chain } = chainForPlan(context, id, "mount");
  requireKnownBody(context, records, "mount");
  const layer = chain[0];
  const mode = options.mode ?? (layer.state === "active" ? "rw" : "ro");
  if (mode === "rw" && layer.state === "committed") throw committedStays(context, id);
  const live = await liveUses(context, layer);
  const uses = live.length === 0 ? live : await dropDeadMounts(context, layer, live);
  refuseConflict(context, layer, mode, uses);
  const plan = context.driver.plan(chain, mode);
  const owner = options.owner ?? "process";
  const wanted = options.target === undefined ? null : resolveTarget(context, options.target, id);
  if (wanted?.isMount) await requireLiveTarget(context, id, wanted.path);
  try {
    if (plan.steps.every((step) => step.type === "path"))
      return handOutPath(context, layer, plan, mode, owner, wanted?.path ?? null);
    options.signal?.throwIfAborted();
    const wish = { chain, mode, owner, plan, uses };
    // Awaited: the lock is let go when this function is left.
    return await (wanted === null ? mountAtOwnTarget(context, id, wish) : mountAt(context, wish, wanted, false));
  } catch (error) {
    throw whyMissing(context, chain, "mount", error);
  }
}

async function mountAtOwnTarget(context: StoreContext, id: string, wish: Wish): Promise<MadeMount> {
  const path = makeTarget(context, id, wish.mode);
  try {
    return await mountAt(context, wish, { path, under: identify(path) }, true);
  } catch (error) {
    tryRmdir(path);
    throw error;
  }
}

interface Wish {
  readonly chain: readonly [Layer, ...Layer[]];
  readonly mode: MountMode;
  readonly owner: MountOwner;
  readonly plan: MountPlan;
  readonly uses: readonly LiveMount[];
}

async function mountAt(
  context: StoreContext,
  wish: Wish,
  { path: target, under }: Pick<Target, "path" | "under">,
  madeTarget: boolean,
): Promise<MadeMount> {
  const { chain, mode, owner, plan } = wish;
  const layer = chain[0];
  const source = bindSource(wish.uses);
  const intent: MountRecord = {
    format: 1,
    layer: layer.id,
    target,
    mode,
    owner,
    state: "intent",
    kind: plan.steps.some((step) => step.type === "bind") ? "bind" : "own",
    writable: source ? source.record.writable : mode === "rw",
    process: context.process,
    mountNamespace: ownMountNamespace(),
    under,
    mount: null,
    madeTarget,
    ...(plan.steps.some((step) => step.type === "daemon") ? { served: true } : {}),
  };
  const claimed = await claimTarget(context, { file: newRecordFile(context, layer.id, target), record: intent });
  // The same layer in the same mode is there already: one mount, two records.
  if (claimed.record.state === "mounted") return { filed: claimed, path: target };
  let mounted = false;
  let daemon: ProcessIdentity | null = null;
  try {
    const made = source ? null : carryOut(plan, target);
    daemon = made ? made.daemon : (source?.record.daemon ?? null);
    let mount = source ? bindFirst(source, target, mode) : made?.mount;
    mounted = true;
    if (daemon !== null) await requireAnswer(context, layer, target, daemon);
    await context.driver.verify?.({ chain, mode, plan, target });
    mount ??= identify(target);
    const record: MountRecord = { ...intent, state: "mounted", mount, ...(daemon === null ? {} : { daemon }) };
    return { filed: writeRecord(context, { file: claimed.file, record }), path: target };
  } catch (error) {
    // Somebody was quick enough to go in there: the intent stays, and the next look at the layer settles it.
    if (!mounted || tryUnmount(target)) dropRecord(claimed);
    if (mounted && daemon !== null && !source) await endDaemon(daemon);
    throw error;
  }
}

function committedStays(context: StoreContext, id: string): StorageError {
  return new StorageError({
    code: "NOT_ACTIVE",
    op: "mount",
    driver: context.driver.name,
    layer: id,
    message: `layer ${id} is committed: it never changes, so it cannot be mounted writable`,
    hint: "mount it read-only (--ro), or create a layer on it and mount that",
  });
}
