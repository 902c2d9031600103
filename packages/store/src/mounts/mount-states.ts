import type { MountState } from "../layer-store.ts";
import type { StoreContext } from "../store-context.ts";
import { isDeadMount } from "./daemon/known-daemon.ts";
import { locate } from "./locate.ts";
import type { FiledRecord, MountRecord } from "./mount-record.ts";
import { allRecords } from "./record-files.ts";
import { isDead, ownMountNamespace } from "./this-process.ts";

/** The records as they are, without changing any: also on a store that can only be read. Stale ones are left out. */
export function mountStates(context: StoreContext): MountState[] {
  const namespace = ownMountNamespace();
  return allRecords(context).records.flatMap(({ record }) => {
    const state = stateOf(context, record, namespace);
    if (state === null) return [];
    const { layer, target, mode, owner } = record;
    return [{ layer, target, mode, owner, state, pid: record.process.pid }];
  });
}

/** Records whose mount is gone, or whose maker was killed at it. */
export function staleRecords(context: StoreContext): FiledRecord[] {
  const namespace = ownMountNamespace();
  return allRecords(context).records.filter(({ record }) => stateOf(context, record, namespace) === null);
}

function stateOf(context: StoreContext, record: MountRecord, namespace: string): MountState["state"] | null {
  if (record.owner === "lent") return "elsewhere";
  const dead = isDead(record.process, context.process);
  if (record.process.bootId !== context.process.bootId || (dead && record.state === "intent")) return null;
  if (record.kind === "path") return dead ? null : "mounted";
  if (record.mountNamespace !== namespace) return "elsewhere";
  if (record.state !== "mounted") return record.state;
  if (record.mount === null || locate(record.mount, record.target) === null) return null;
  return isDeadMount(context, record) ? "dead" : "mounted";
}
