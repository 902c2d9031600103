import type { Layer } from "@copyup/core";
import { findHolders, isSystemError, readMountInfo } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import { afterUnmount } from "./after-unmount.ts";
import { endAbandoned } from "./daemon/abandoned.ts";
import { detachDead } from "./daemon/drop-dead.ts";
import { isDeadMount } from "./daemon/known-daemon.ts";
import { forgetMount } from "./forget-mount.ts";
import { type MountIdentity, sameMount, sameSuperblock, standsAt, tryIdentify } from "./identity.ts";
import type { LiveMount } from "./live-mount.ts";
import { locate } from "./locate.ts";
import { markDetached } from "./mark-detached.ts";
import type { FiledRecord, MountRecord } from "./mount-record.ts";
import { processIn } from "./namespaces.ts";
import { recordsAtTarget } from "./record-files.ts";
import { settleIntent } from "./settle-intent.ts";
import { stillHeld } from "./still-held.ts";
import { canSee, isDead, ownMountNamespace } from "./this-process.ts";
import { tryUnmount } from "./try-unmount.ts";

/**
 * Compares a layer's records with the kernel's mounts: drops those whose mount is really gone, unmounts those of dead
 * processes, finishes what a killed process had begun. Gives what is left: the layer's uses. The caller holds the layer's
 * state lock (or the layer is gone), so an intent found here is nobody's any more.
 */
export async function reconcile(
  context: StoreContext,
  layer: Layer | null,
  records: readonly FiledRecord[],
): Promise<LiveMount[]> {
  const live: LiveMount[] = [];
  const unplaced: FiledRecord[] = [];
  const gone: FiledRecord[] = [];
  const forget = (filed: FiledRecord) => {
    forgetMount(filed);
    gone.push(filed);
  };
  for (const filed of records) {
    const found = standing(context, filed) ?? (await placeOf(context, layer, filed));
    if (found === "gone") forget(filed);
    else if (found === "unplaced") unplaced.push(filed);
    else live.push(found);
  }
  // Only now is it known which mounts of the same superblock are left.
  for (const filed of unplaced) {
    const question = { layer, record: filed.record, siblings: hasSiblings(filed, live), plainly: false };
    const { held, by } = await stillHeld(context, question);
    if (!held) forget(filed);
    else live.push(detached(context, filed, by));
  }
  if (live.length === 0) await afterUnmount(context, layer, gone);
  return live;
}

/** The usual case at a look: a mount of a living process (or the store's) stands where it was made. Null: `placeOf` must find out. */
function standing(context: StoreContext, filed: FiledRecord): LiveMount | null {
  const { record } = filed;
  const { mount, owner, process, daemon = null } = record;
  if (record.state !== "mounted" || record.kind === "path" || owner === "lent" || mount === null || daemon !== null)
    return null;
  if (process.bootId !== context.process.bootId || record.mountNamespace !== ownMountNamespace()) return null;
  if ((owner === "process" && isDead(process, context.process)) || !standsAt(record.target, mount)) return null;
  return { ...filed, state: "here", at: record.target, holders: [], dead: false };
}

/** Where a record's mount is. `unplaced`: at no place, so it is to be asked whether it is still used. */
async function placeOf(
  context: StoreContext,
  layer: Layer | null,
  filed: FiledRecord,
): Promise<LiveMount | "gone" | "unplaced"> {
  const { record } = filed;
  const live = (state: LiveMount["state"], more: Partial<LiveMount> = {}): LiveMount => {
    return { ...filed, state, at: record.target, holders: [], ...more };
  };
  // Lent until it is given back: the borrower's mounts are not ours to look at, and it mounts again after a reboot.
  if (record.owner === "lent") return live("lent");
  if (record.process.bootId !== context.process.bootId) return "gone";
  const dead = record.owner === "process" && isDead(record.process, context.process);
  if (record.kind === "path") return dead ? "gone" : live("path");
  if (record.state === "intent") return (await settleIntent(context, layer, filed)) ?? "gone";
  const { mount } = record;
  if (mount === null) return "gone";
  if (record.mountNamespace !== ownMountNamespace()) {
    if (dead && (await endAbandoned(context, record))) return "gone";
    const resident = processIn(record.mountNamespace, record.process.pid);
    if (resident && isMountedFor(resident.pid, record, mount)) return live("elsewhere", { holders: [resident] });
    // In another container: an own superblock can be asked, a bind cannot.
    if (record.kind === "bind" && !resident && !canSee(record.process, context.process)) return live("elsewhere");
    return "unplaced";
  }
  const at = record.state === "detached" ? null : locate(mount, record.target);
  if (at === null) return "unplaced";
  if (dead && isShared(context, filed.file, mount, record.target)) return "gone";
  const deadMount = isDeadMount(context, record);
  if (!dead) return live("here", { at, dead: deadMount });
  // Nobody will end what it left but those who are still in there: they are who to ask.
  return leave(mount, at, deadMount) ? "unplaced" : live("here", { at, holders: findHolders(mount, mount) });
}

/** Does another record stand for that very mount? */
function isShared(context: StoreContext, own: string, mount: MountIdentity, target: string): boolean {
  return recordsAtTarget(context, target).some(({ file, record }) => {
    return file !== own && record.state === "mounted" && record.mount !== null && sameMount(record.mount, mount);
  });
}

/** Unmounts a dead process's mount, unless somebody works in there or has mounted over it. */
function leave(mount: MountIdentity, at: string, deadMount: boolean): boolean {
  const top = tryIdentify(at);
  if (top === null || !sameMount(top, mount)) return false;
  if (tryUnmount(at)) return true;
  if (deadMount) detachDead(at);
  return deadMount;
}

function hasSiblings({ record: { mount } }: FiledRecord, live: readonly LiveMount[]): boolean {
  return live.some(({ state, record }) => {
    return state === "here" && mount !== null && record.mount !== null && sameSuperblock(mount, record.mount);
  });
}

function detached(context: StoreContext, filed: FiledRecord, holders: LiveMount["holders"]): LiveMount {
  if (filed.record.state !== "detached") markDetached(context, filed);
  return { ...filed, state: "detached", at: filed.record.target, holders };
}

/** In that process's namespace. Ids are reused there too, so the target must agree, and an own superblock's number. */
function isMountedFor(pid: number, record: MountRecord, mount: MountIdentity): boolean {
  try {
    for (const entry of readMountInfo(pid)) {
      const sameDevice = record.kind !== "own" || (entry.major === mount.major && entry.minor === mount.minor);
      if (entry.id === mount.id && entry.target === record.target && sameDevice) return true;
    }
    return false;
  } catch (error) {
    // It ended, or is another user's: then we cannot know, and the record stays.
    return isSystemError(error);
  }
}
